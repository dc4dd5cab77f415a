using AIX.Core.Routing;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Pipeline;

/// <summary>Sends uncertain leads to review: at most the tenant's cap a day, the most valuable decisions first. A more valuable lead that
/// comes later in the day takes the place of the least valuable one, which then keeps its band and stays marked as uncertain.</summary>
internal static class ReviewRouting
{
    public static void Add(NpgsqlBatch batch, Guid tenant, IReadOnlyList<RoutedLead> routes, TenantSettings settings, DateOnly day, DateTimeOffset now)
    {
        var certain = routes.Where(r => !r.Uncertain).Select(r => r.LeadId).ToArray();
        var uncertain = routes.Where(r => r.Uncertain).OrderByDescending(r => r.DecisionValue).Take(settings.ReviewDailyCap).ToList();
        batch.Add("DELETE FROM aix.review_items WHERE tenant_id = $1 AND lead_id = ANY($2)", tenant, certain);
        if (uncertain.Count == 0)
        {
            return;
        }

        // One batch at a time counts the day's items, or two workers would both see room for the last one.
        batch.Add("SELECT pg_advisory_xact_lock(hashtextextended('aix.review.' || $1::text, 0))", tenant);
        batch.Add(
            """
            INSERT INTO aix.review_items (tenant_id, lead_id, day, decision_value, created_at) SELECT $1, r.lead, $4, r.value, $5 FROM unnest($2::uuid[], $3::float8[]) AS r(lead, value)
            ON CONFLICT (tenant_id, lead_id) DO UPDATE SET decision_value = excluded.decision_value
            """,
            tenant, uncertain.Select(r => r.LeadId).ToArray(), uncertain.Select(r => r.DecisionValue).ToArray(), day, now);
        batch.Add(
            """
            WITH over AS (SELECT lead_id FROM aix.review_items WHERE tenant_id = $1 AND day = $2 ORDER BY decision_value DESC, lead_id OFFSET $3),
                 gone AS (DELETE FROM aix.review_items i USING over WHERE i.tenant_id = $1 AND i.lead_id = over.lead_id RETURNING i.lead_id)
            UPDATE aix.leads l SET state = CASE st.band WHEN 2 THEN 2 WHEN 1 THEN 3 ELSE 4 END FROM gone JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = gone.lead_id
            WHERE l.tenant_id = $1 AND l.id = gone.lead_id AND l.state = 1
            """,
            tenant, day, settings.ReviewDailyCap);
        batch.Add(
            "UPDATE aix.leads l SET state = 1 FROM aix.review_items i WHERE l.tenant_id = $1 AND l.id = ANY($2) AND i.tenant_id = $1 AND i.lead_id = l.id",
            tenant, uncertain.Select(r => r.LeadId).ToArray());
    }
}
