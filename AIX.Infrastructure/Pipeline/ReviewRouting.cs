using AIX.Core.Routing;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Pipeline;

/// <summary>Sends leads to review: at most the tenant's cap a day, the most valuable decisions first. A more valuable lead that comes later in the day takes the place of the least
/// valuable one, which then goes where its band says and stays marked as uncertain. What a person has decided, and the model still sees the same, is not asked again.</summary>
internal static class ReviewRouting
{
    /// <summary>Items that the pipeline made and nobody is at.</summary>
    private const string Untouched = "i.reason IN (0, 1, 2) AND i.round = 0 AND i.escalated_at IS NULL AND (i.held_until IS NULL OR i.held_until < $2)";

    /// <param name="targets">Per route, the state that it leads to.</param>
    public static void Add(NpgsqlBatch batch, Guid tenant, IReadOnlyList<RoutedLead> routes, short[] targets, TenantSettings settings, DateOnly day, DateTimeOffset now)
    {
        var certain = routes.Where(r => r.Review is null).Select(r => r.LeadId).ToArray();
        batch.Add($"DELETE FROM aix.review_items i WHERE tenant_id = $1 AND lead_id = ANY($3) AND {Untouched}", tenant, now, certain);
        var sent = routes.Where(r => r.Review is not null).OrderByDescending(r => r.DecisionValue).Take(settings.ReviewDailyCap).ToList();
        if (sent.Count > 0)
        {
            // One batch at a time counts the day's items, or two workers would both see room for the last one.
            batch.Add("SELECT pg_advisory_xact_lock(hashtextextended('aix.review.' || $1::text, 0))", tenant);
            batch.Add(
                """
                INSERT INTO aix.review_items (tenant_id, lead_id, day, decision_value, created_at, reason, propensity, round)
                SELECT $1, r.lead, $3, r.value, $2, r.reason, r.propensity, 0 FROM unnest($4::uuid[], $5::float8[], $6::smallint[], $7::float8[], $8::smallint[]) AS r(lead, value, reason, propensity, band)
                JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = r.lead AND st.override_band IS NULL AND st.state NOT IN (9, 10)
                WHERE NOT EXISTS (SELECT 1 FROM aix.review_decisions d WHERE d.tenant_id = $1 AND d.lead_id = r.lead AND d.undone_at IS NULL AND d.kind IN (0, 1, 5) AND (d.seen_band = r.band OR r.reason = 3))
                ON CONFLICT (tenant_id, lead_id) DO UPDATE SET decision_value = excluded.decision_value
                """,
                tenant, now, day, Sql.Column(sent, r => r.LeadId), Sql.Column(sent, r => r.DecisionValue), Sql.Column(sent, r => (short)r.Review!), Sql.Column(sent, r => r.Propensity), Sql.Column(sent, r => (short)r.Band));
            batch.Add(
                $"""
                WITH over AS (SELECT lead_id FROM aix.review_items i WHERE tenant_id = $1 AND day = $3 AND reason <> 4 ORDER BY ({Untouched}), decision_value DESC, lead_id OFFSET $4),
                     gone AS (DELETE FROM aix.review_items i USING over WHERE i.tenant_id = $1 AND i.lead_id = over.lead_id AND (i.reason = 3 OR {Untouched}) RETURNING i.lead_id)
                UPDATE aix.lead_standings st SET {StateSql.Move("true", StateSql.OfBand)} FROM gone WHERE st.tenant_id = $1 AND st.lead_id = gone.lead_id AND st.state = 7
                RETURNING st.lead_id, st.owner_id, st.hot_at = $2
                """,
                tenant, now, day, settings.ReviewDailyCap);
        }

        // Those that were to wait and for which there was no room, or which a person has decided before.
        var waiting = routes.Select((r, i) => (Route: r, Target: targets[i])).Where(r => r.Route.Waits).ToList();
        batch.Add(
            $"""
            UPDATE aix.lead_standings st SET {StateSql.Move("true", "r.target")} FROM unnest($3::uuid[], $4::smallint[]) AS r(lead, target)
            WHERE st.tenant_id = $1 AND st.lead_id = r.lead AND st.state = 7 AND NOT EXISTS (SELECT 1 FROM aix.review_items i WHERE i.tenant_id = $1 AND i.lead_id = r.lead)
            RETURNING st.lead_id, st.owner_id, st.hot_at = $2
            """,
            tenant, now, Sql.Column(waiting, w => w.Route.LeadId), Sql.Column(waiting, w => w.Target));
    }
}
