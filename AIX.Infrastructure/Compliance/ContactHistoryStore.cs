using System.Text.Json;
using AIX.Core.Compliance;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Npgsql;
using NpgsqlTypes;

namespace AIX.Infrastructure.Compliance;

internal sealed class ContactHistoryStore : IContactHistory
{
    private const string OwnRules = "SELECT version, document::text FROM aix.rule_settings WHERE tenant_id = $1 ORDER BY version DESC LIMIT 1";

    public async Task<AddressFacts> OfAsync(IUnitOfWork work, string address, ContactChannel channel, DateTimeOffset now, Guid? but, bool hold, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var batch = new NpgsqlBatch(unit.Connection);
        if (hold)
        {
            // Each statement sees what was committed before it begins: what follows the lock is read after the wait for it.
            batch.Add("SELECT pg_advisory_xact_lock(hashtextextended($1, 41))", $"{unit.TenantId.Value}/{address}");
        }

        Ask(batch, unit.TenantId, [address], channel, now, but is { } one ? [one] : []);
        batch.Add(OwnRules, unit.TenantId.Value);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (hold)
        {
            await reader.NextResultAsync(ct);
        }

        var facts = await ReadAsync(reader, ct);
        await reader.NextResultAsync(ct);
        var (own, version) = await reader.ReadAsync(ct) ? ReadRules(reader) : (null, 0);
        return new AddressFacts(facts[address], own, version);
    }

    public async Task<IReadOnlyDictionary<string, ContactFacts>> OfAsync(IUnitOfWork work, IReadOnlyCollection<string> addresses, ContactChannel channel, DateTimeOffset now, IReadOnlyCollection<Guid> but, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var batch = new NpgsqlBatch(unit.Connection);
        Ask(batch, unit.TenantId, [.. addresses.Distinct(StringComparer.Ordinal)], channel, now, but);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await ReadAsync(reader, ct);
    }

    public async Task<(Tightening? Own, int Version)> TighteningAsync(IUnitOfWork work, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(OwnRules, unit.TenantId.Value);
        return await command.AllAsync(ReadRules, ct) is [var own] ? own : (null, 0);
    }

    private static void Ask(NpgsqlBatch batch, TenantId tenant, string[] addresses, ContactChannel channel, DateTimeOffset now, IReadOnlyCollection<Guid> but)
    {
        batch.Add(
            """
            SELECT a, EXISTS (SELECT FROM aix.suppressions s WHERE s.tenant_id = $1 AND s.number = a), p.scrubbed_at, p.categories, p.modes, p.bands, p.days,
                   (SELECT max(at) FROM aix.complaints c WHERE c.tenant_id = $1 AND c.number = a),
                   k.times, coalesce(k.open, false)
            FROM unnest($2::text[]) AS a LEFT JOIN aix.dnd_preferences p ON p.tenant_id = $1 AND p.number = a
                 LEFT JOIN LATERAL (SELECT array_agg(created_at) AS times, bool_or(state < 5) AS open FROM aix.calls c WHERE c.tenant_id = $1 AND c.to_number = a AND c.created_at >= $3 AND c.id <> ALL($4)) k ON true
            """,
            tenant.Value, addresses, now.AddDays(-31), but.ToArray());

        // The last word on each purpose and basis counts; what it replaced is history.
        batch.Add(
            """
            SELECT DISTINCT ON (address, purpose, explicit, category) address, purpose, explicit, category, given, at, expires_at FROM aix.consent_events
            WHERE tenant_id = $1 AND address = ANY($2) AND channel = $3 AND at <= $4 ORDER BY address, purpose, explicit, category, at DESC, id DESC
            """,
            tenant.Value, addresses, (short)channel, now);
    }

    private static async Task<IReadOnlyDictionary<string, ContactFacts>> ReadAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var facts = new Dictionary<string, Gathered>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            var row = Read(reader);
            facts[row.Address] = row;
        }

        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var (address, given, consent) = ReadConsent(reader);

            // A withdrawal without a category takes everything of the purpose back.
            (given ? facts[address].Consents : facts[address].Withdrawn).Add(consent);
        }

        return facts.ToDictionary(f => f.Key, f => f.Value.Facts());
    }

    private static (Tightening? Own, int Version) ReadRules(NpgsqlDataReader r) => (JsonSerializer.Deserialize<Tightening>(r.GetString(1), RulePack.Json), r.GetInt32(0));

    public async Task OptOutAsync(IUnitOfWork work, Suppression suppression, Guid? lead, Guid? contact, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.suppressions (tenant_id, number, reason, call_id, at)
            SELECT $1, a, $3, $4, $5 FROM (
                SELECT $2::text AS a
                UNION SELECT CASE WHEN c.kind = 0 THEN lower(c.value) ELSE c.value END FROM aix.contact_points c
                WHERE c.tenant_id = $1 AND c.blind_index IS NOT NULL AND c.lead_id IN (SELECT $6::uuid UNION SELECT k.lead_id FROM aix.contact_points k WHERE k.tenant_id = $1 AND k.blind_index = $7)) p
            ON CONFLICT DO NOTHING
            """,
            unit.TenantId.Value, suppression.Number, suppression.Reason, Id(suppression.CallId), suppression.At, Id(lead), Id(contact));
        await command.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlParameter Id(Guid? id) => new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    public async Task ComplainAsync(IUnitOfWork work, Complaint complaint, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command("INSERT INTO aix.complaints (tenant_id, id, number, at, call_id) VALUES ($1, $2, $3, $4, $5)", unit.TenantId.Value, complaint.Id, complaint.Number, complaint.At, complaint.CallId);
        await command.ExecuteNonQueryAsync(ct);
    }

    public void Record(IUnitOfWork work, IReadOnlyList<GateRecord> records)
    {
        var unit = UnitOfWork.Of(work);
        unit.Later(
            """
            INSERT INTO aix.gate_records (tenant_id, id, at, stage, lead_id, address, campaign_id, call_id, allowed, rules, pack, inputs)
            SELECT $1, r.id, r.at, r.stage, r.lead, r.address, r.campaign, r.call, r.allowed, coalesce(string_to_array(nullif(r.rules, ''), ','), '{}'), r.pack, r.inputs
            FROM unnest($2::uuid[], $3::timestamptz[], $4::smallint[], $5::uuid[], $6::text[], $7::uuid[], $8::uuid[], $9::bool[], $10::text[], $11::text[], $12::text[]) AS r(id, at, stage, lead, address, campaign, call, allowed, rules, pack, inputs)
            """,
            unit.TenantId.Value, Sql.Column(records, r => r.Id), Sql.Column(records, r => r.At), Sql.Column(records, r => (short)r.Stage), Sql.Column(records, r => r.LeadId), Sql.Column(records, r => r.Address), Sql.Column(records, r => r.CampaignId),
            Sql.Column(records, r => r.CallId), Sql.Column(records, r => r.Allowed), Sql.Column(records, r => string.Join(',', r.Rules)), Sql.Column(records, r => r.Pack), Sql.Column(records, r => r.Inputs));
    }

    private static Gathered Read(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetBoolean(1), r.IsDBNull(2) ? null : new Preference(r.GetFieldValue<DateTimeOffset>(2), r.GetInt32(3), r.GetInt32(4), r.GetInt32(5), r.GetInt32(6)), r.Nullable<DateTimeOffset?>(7),
        r.IsDBNull(8) ? [] : r.GetFieldValue<DateTimeOffset[]>(8), r.GetBoolean(9));

    private static (string Address, bool Given, Consent Consent) ReadConsent(NpgsqlDataReader r) => (
        r.GetString(0), r.GetBoolean(4), new Consent((MessageClass)r.GetInt16(1), r.GetBoolean(2), r.IsDBNull(3) ? null : r.GetInt16(3), r.GetFieldValue<DateTimeOffset>(5), r.Nullable<DateTimeOffset?>(6), null));

    private sealed record Gathered(string Address, bool Suppressed, Preference? Preference, DateTimeOffset? ComplainedAt, DateTimeOffset[] Attempts, bool Open)
    {
        public List<Consent> Consents { get; } = [];

        public List<Consent> Withdrawn { get; } = [];

        public ContactFacts Facts() => new(Suppressed, [.. Consents.Select(Taken)], Preference, Attempts, Open, ComplainedAt);

        private Consent Taken(Consent given) =>
            Withdrawn.Where(w => w.Purpose == given.Purpose && (w.Category is null || w.Category == given.Category) && w.GivenAt >= given.GivenAt).Select(w => (DateTimeOffset?)w.GivenAt).Min() is { } at ? given with { WithdrawnAt = at } : given;
    }
}
