using AIX.Core.Campaigns;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using AIX.Infrastructure.Leads;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace AIX.Infrastructure.Campaigns;

/// <summary>Audiences as sets of rows: named from the filter by id, looked at, admitted.</summary>
internal static class CampaignAudience
{
    private const string Tables = "aix.leads l JOIN aix.lead_standings st ON st.tenant_id = l.tenant_id AND st.lead_id = l.id";

    /// <summary>What admission sees of lead <c>l</c>; $1 tenant, $2 campaign.</summary>
    private const string Columns =
        """
        l.id, c.value, l.attributes->>'language', coalesce(st.override_score, st.score), l.created_at,
        EXISTS (SELECT FROM aix.campaign_members s WHERE s.tenant_id = $1 AND s.campaign_id = $2 AND s.number = c.value AND s.lead_id <> l.id AND s.state <> 4),
        EXISTS (SELECT FROM aix.campaign_members o JOIN aix.campaigns oc ON oc.tenant_id = $1 AND oc.id = o.campaign_id AND oc.state IN (2, 3, 4) WHERE o.tenant_id = $1 AND o.lead_id = l.id AND o.campaign_id <> $2 AND o.state IN (1, 2))
        """;

    private const string Phone = "LEFT JOIN LATERAL (SELECT value FROM aix.contact_points c WHERE c.tenant_id = $1 AND c.lead_id = l.id AND c.kind = 1 AND c.blind_index IS NOT NULL ORDER BY c.position LIMIT 1) c ON true";

    public static async Task<Guid?> PickAsync(UnitOfWork unit, Campaign campaign, CampaignPlan plan, Guid after, int limit, CancellationToken ct)
    {
        await using var command = unit.Connection.CreateCommand();
        var where = Where(command, unit.TenantId, campaign, plan, after);
        command.CommandText =
            $"""
            WITH next AS (SELECT l.id FROM {Tables} WHERE l.tenant_id = $1 AND st.tenant_id = $1{where} ORDER BY l.id LIMIT {limit}),
                 named AS (INSERT INTO aix.campaign_members (tenant_id, campaign_id, lead_id, state, number, prefix, language, variant, priority, is_callback, attempts) SELECT $1, $2, id, 0, '', '', '', '', 0, false, 0 FROM next ON CONFLICT DO NOTHING)
            SELECT id FROM next ORDER BY id DESC LIMIT 1
            """;
        return await command.ExecuteScalarAsync(ct) is Guid last ? last : null;
    }

    public static async Task<int> PickAsync(UnitOfWork unit, Guid campaign, IReadOnlyCollection<Guid> leads, CancellationToken ct)
    {
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.campaign_members (tenant_id, campaign_id, lead_id, state, number, prefix, language, variant, priority, is_callback, attempts)
            SELECT $1, $2, l.id, 0, '', '', '', '', 0, false, 0 FROM aix.leads l WHERE l.tenant_id = $1 AND l.id = ANY($3) ON CONFLICT DO NOTHING
            """,
            unit.TenantId.Value, campaign, leads.ToArray());
        return await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<IReadOnlyList<Candidate>> CandidatesAsync(UnitOfWork unit, Guid campaign, int limit, CancellationToken ct)
    {
        await using var command = unit.Connection.Command(
            $"""
            WITH next AS MATERIALIZED (SELECT lead_id FROM aix.campaign_members WHERE tenant_id = $1 AND campaign_id = $2 AND state = 0 ORDER BY lead_id LIMIT $3 FOR UPDATE SKIP LOCKED)
            SELECT {Columns} FROM next n JOIN aix.leads l ON l.tenant_id = $1 AND l.id = n.lead_id JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = l.id {Phone}
            """,
            unit.TenantId.Value, campaign, limit);
        var found = await command.AllAsync(Read, ct);

        // Two leads of one number in one chunk: the first stays.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return found.ConvertAll(c => c.Number is { } number && !seen.Add(number) ? c with { SameNumber = true } : c);
    }

    public static async Task AdmitAsync(UnitOfWork unit, Guid campaign, IReadOnlyList<Admission> rows, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = unit.Connection.Command(
            """
            UPDATE aix.campaign_members m SET state = a.state, number = a.number, prefix = a.prefix, language = a.language, variant = a.variant, priority = a.priority, next_at = a.next_at, rule = a.rule, is_due = coalesce(a.next_at <= $12, false)
            FROM unnest($3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::float8[], $10::timestamptz[], $11::text[]) AS a(lead, state, number, prefix, language, variant, priority, next_at, rule)
            WHERE m.tenant_id = $1 AND m.campaign_id = $2 AND m.lead_id = a.lead
            """,
            unit.TenantId.Value, campaign, Sql.Column(rows, r => r.LeadId), Sql.Column(rows, r => (short)r.State), Sql.Column(rows, r => r.Number), Sql.Column(rows, r => r.Prefix), Sql.Column(rows, r => r.Language), Sql.Column(rows, r => r.Variant),
            Sql.Column(rows, r => r.Priority), Sql.Column(rows, r => r.NextAt), Sql.Column(rows, r => r.Rule), now);
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<IReadOnlyList<Candidate>> PreviewAsync(AixDbContext db, TenantId tenant, Campaign campaign, CampaignPlan plan, Guid after, int limit, CancellationToken ct)
    {
        await using var command = await CommandAsync(db, ct);
        var where = Where(command, tenant, campaign, plan, after);
        command.CommandText =
            $"""
            WITH next AS MATERIALIZED (SELECT l.id FROM {Tables} WHERE l.tenant_id = $1 AND st.tenant_id = $1{where} ORDER BY l.id LIMIT {limit})
            SELECT {Columns} FROM next n JOIN aix.leads l ON l.tenant_id = $1 AND l.id = n.id JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = l.id {Phone} ORDER BY l.id
            """;
        return await command.AllAsync(Read, ct);
    }

    public static async Task<int> CountAsync(AixDbContext db, TenantId tenant, Campaign campaign, CampaignPlan plan, CancellationToken ct)
    {
        await using var command = await CommandAsync(db, ct);
        var where = Where(command, tenant, campaign, plan, Guid.Empty);
        command.CommandText = $"SELECT count(*)::int FROM {Tables} WHERE l.tenant_id = $1 AND st.tenant_id = $1{where}";
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The plan's filter, and whoever was picked by hand.</summary>
    private static string Where(NpgsqlCommand command, TenantId tenant, Campaign campaign, CampaignPlan plan, Guid after)
    {
        LeadFilterSql.Add(command, tenant.Value);
        LeadFilterSql.Add(command, campaign.Id);
        var filter = LeadFilterSql.Where(command, plan.Audience with { Cursor = null }, null);
        var redial = "";
        if (plan.RedialOf.Count > 0)
        {
            redial = $" AND EXISTS (SELECT FROM aix.campaign_members r WHERE r.tenant_id = $1 AND r.campaign_id = {LeadFilterSql.Add(command, campaign.ParentId ?? Guid.Empty)} AND r.lead_id = l.id AND r.last_outcome = ANY({LeadFilterSql.Add(command, plan.RedialOf.Select(d => (short)d).ToArray())}))";
        }

        var picked = "EXISTS (SELECT FROM aix.campaign_members p WHERE p.tenant_id = $1 AND p.campaign_id = $2 AND p.lead_id = l.id)";
        var named = plan.OnlyPicked ? "false" : $"(true{filter}{redial})";
        return $" AND ({named} OR {picked}) AND l.id > {LeadFilterSql.Add(command, after)}";
    }

    private static async Task<NpgsqlCommand> CommandAsync(AixDbContext db, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        return ((NpgsqlConnection)db.Database.GetDbConnection()).CreateCommand();
    }

    private static Candidate Read(NpgsqlDataReader r) => new(r.GetGuid(0), r.Nullable<string>(1), r.Nullable<string>(2), r.Nullable<double?>(3), r.GetFieldValue<DateTimeOffset>(4), r.GetBoolean(5), r.GetBoolean(6));
}
