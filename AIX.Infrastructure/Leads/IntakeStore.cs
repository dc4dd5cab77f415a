using System.Text;
using System.Text.Json;
using AIX.Core.Enrichment;
using AIX.Core.Leads;
using AIX.Core.Leads.Intake;
using AIX.Core.Shared;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Leads;

/// <summary>Writes and matches leads as sets: one array per column, unnested by PostgreSQL.</summary>
internal sealed class IntakeStore : IIntakeStore
{
    private const string System = "external";

    public async Task LockAsync(IUnitOfWork work, bool shared, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command($"SELECT pg_advisory_xact_lock{(shared ? "_shared" : "")}(hashtextextended('aix.intake.' || $1::text, 0))", unit.TenantId.Value);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<LeadImage>> LoadMatchesAsync(IUnitOfWork work, IntakeKeys keys, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var ids = await MatchingIdsAsync(unit, keys, ct);
        return ids.Length == 0 ? [] : await LeadImageReader.ReadAsync(unit.Connection, unit.TenantId.Value, ids, ct);
    }

    public async Task<bool> TryAddNewAsync(IUnitOfWork work, IntakeWrite write, IntakeKeys keys, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var tenant = unit.TenantId.Value;
        await using var probe = new NpgsqlBatch(unit.Connection);
        probe.Add("SAVEPOINT as_new");
        probe.Add(
            """
            SELECT EXISTS (SELECT 1 FROM unnest($2::uuid[]) AS k WHERE EXISTS (SELECT 1 FROM aix.leads l WHERE l.tenant_id = $1 AND l.name_host_key = k))
                OR EXISTS (SELECT 1 FROM unnest($3::text[]) AS k WHERE EXISTS (SELECT 1 FROM aix.external_refs r WHERE r.tenant_id = $1 AND r.system = $4 AND r.external_id = k))
            """,
            tenant,
            keys.NameHosts,
            keys.ExternalIds,
            System);
        AddContacts(probe, tenant, write.Added);
        if (await FindsKnownAsync(probe, ct))
        {
            await using var back = unit.Connection.Command("ROLLBACK TO SAVEPOINT as_new");
            await back.ExecuteNonQueryAsync(ct);
            return false;
        }

        await SaveAsync(work, write, withContacts: false, ct);
        return true;
    }

    /// <summary>A plain insert that fails on a known contact is cheaper than ON CONFLICT, which looks into both indexes for every row; here it hardly ever fails.</summary>
    private static async Task<bool> FindsKnownAsync(NpgsqlBatch probe, CancellationToken ct)
    {
        try
        {
            await using var reader = await probe.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            var known = reader.GetBoolean(0);
            await reader.NextResultAsync(ct);
            return known;
        }
        catch (PostgresException ex) when (ex.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return true;
        }
    }

    public Task SaveAsync(IUnitOfWork work, IntakeWrite write, CancellationToken ct) => SaveAsync(work, write, withContacts: true, ct);

    private static async Task SaveAsync(IUnitOfWork work, IntakeWrite write, bool withContacts, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var tenant = unit.TenantId.Value;
        await using var batch = new NpgsqlBatch(unit.Connection);
        if (write.Added.Count > 0)
        {
            AddLeads(batch, tenant, write);
        }

        if (write.Changed.Count > 0)
        {
            AddChanges(batch, tenant, write);
        }

        if (withContacts)
        {
            AddContacts(batch, tenant, [.. write.Added, .. write.Changed]);
        }

        AddReferences(batch, tenant, [.. write.Added, .. write.Changed]);
        AddOutcomes(batch, tenant, write);
        batch.Add(
            "INSERT INTO aix.pipeline_runs (tenant_id, lead_id) SELECT $1, unnest($2::uuid[])",
            tenant,
            write.Added.Concat(write.Changed).Select(l => l.Id).ToArray());
        batch.Add("SELECT pg_notify('aix_work', $1)", tenant.ToString());
        await batch.ExecuteNonQueryAsync(ct);
        work.Raise(new LeadsChanged(unit.TenantId, write.Added.Count));
    }

    private static async Task<Guid[]> MatchingIdsAsync(UnitOfWork unit, IntakeKeys keys, CancellationToken ct)
    {
        await using var command = unit.Connection.Command(
            """
            SELECT lead_id FROM aix.contact_points WHERE tenant_id = $1 AND blind_index = ANY($2)
            UNION SELECT id FROM aix.leads WHERE tenant_id = $1 AND name_host_key = ANY($3)
            UNION SELECT lead_id FROM aix.external_refs WHERE tenant_id = $1 AND system = $5 AND external_id = ANY($4)
            """,
            unit.TenantId.Value,
            keys.Contacts,
            keys.NameHosts,
            keys.ExternalIds,
            System);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct))
        {
            ids.Add(reader.GetGuid(0));
        }

        return [.. ids];
    }

    private static void AddLeads(NpgsqlBatch batch, Guid tenant, IntakeWrite write)
    {
        var leads = write.Added;
        batch.Add(
            """
            INSERT INTO aix.leads (tenant_id, id, name, company, domain, title, city, country, attributes, name_host_key, created_at,
                                   source_kind, source_id, version, recorded_at, updated_at)
            SELECT $1, l.id, l.name, l.company, l.domain, l.title, l.city, l.country, l.attributes, l.key, l.created, $11, $12, 1, $13, $13
            FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[], $10::uuid[], $14::timestamptz[])
                 AS l(id, name, company, domain, title, city, country, attributes, key, created)
            """,
            tenant,
            Sql.Column(leads, l => l.Id),
            Sql.Column(leads, l => l.Name),
            Sql.Column(leads, l => l.Company),
            Sql.Column(leads, l => l.Domain),
            Sql.Column(leads, l => l.Title),
            Sql.Column(leads, l => l.City),
            Sql.Column(leads, l => l.Country),
            Sql.JsonArray(Sql.Column(leads, l => l.Attributes ?? "{}"u8.ToArray())),
            Sql.Column(leads, l => l.NameHostKey),
            (short)write.SourceKind,
            write.SourceId,
            write.Now,
            Sql.Column(leads, l => l.CreatedAt));
        batch.Add("INSERT INTO aix.lead_standings (tenant_id, lead_id) SELECT $1, unnest($2::uuid[])", tenant, Sql.Column(leads, l => l.Id));
    }

    /// <summary>Before-images first, then superseded facts, then the new values.</summary>
    private static void AddChanges(NpgsqlBatch batch, Guid tenant, IntakeWrite write)
    {
        var leads = write.Changed;
        if (write.ImportId is { } import)
        {
            // A lead that the file names twice keeps the image before the first.
            batch.Add(
                """
                INSERT INTO aix.import_changes (tenant_id, import_id, lead_id, version_after, before)
                SELECT $1, $2, c.lead_id, c.version, c.before FROM unnest($3::uuid[], $4::int[], $5::jsonb[]) AS c(lead_id, version, before)
                ON CONFLICT (tenant_id, import_id, lead_id) DO UPDATE SET version_after = excluded.version_after
                """,
                tenant,
                import,
                Sql.Column(leads, l => l.Id),
                Sql.Column(leads, l => l.Version + 1),
                Sql.JsonArray(Sql.Column(leads, l => (string?)l.Before!.ToJsonString())));
        }

        var superseded = leads.SelectMany(l => (l.Superseded ?? []).Select(s => (Lead: l, Value: s))).ToList();
        batch.Add(
            """
            INSERT INTO aix.facts (tenant_id, id, lead_id, attribute, value, source, observed_at, recorded_at, reliability, superseded)
            SELECT $1, f.id, f.lead_id, f.attribute, f.value, 'intake', l.recorded_at, $6, 0.8, true
            FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) AS f(id, lead_id, attribute, value)
            JOIN aix.leads l ON l.tenant_id = $1 AND l.id = f.lead_id
            ON CONFLICT DO NOTHING
            """,
            tenant,
            Sql.Column(superseded, s => FactId.Of(s.Lead.Id, s.Value.Attribute, s.Value.Origin ?? s.Lead.SourceId)),
            Sql.Column(superseded, s => s.Lead.Id),
            Sql.Column(superseded, s => s.Value.Attribute),
            Sql.Column(superseded, s => s.Value.Value),
            write.Now);
        batch.Add(
            """
            UPDATE aix.leads l SET name = n.name, company = n.company, domain = n.domain, title = n.title, city = n.city, country = n.country,
                   attributes = n.attributes, origins = n.origins, name_host_key = n.key, version = l.version + 1, updated_at = $12
            FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[], $10::jsonb[], $11::uuid[])
                 AS n(id, name, company, domain, title, city, country, attributes, origins, key)
            WHERE l.tenant_id = $1 AND l.id = n.id
            """,
            tenant,
            Sql.Column(leads, l => l.Id),
            Sql.Column(leads, l => l.Name),
            Sql.Column(leads, l => l.Company),
            Sql.Column(leads, l => l.Domain),
            Sql.Column(leads, l => l.Title),
            Sql.Column(leads, l => l.City),
            Sql.Column(leads, l => l.Country),
            Sql.JsonArray(Sql.Column(leads, l => l.Attributes ?? "{}"u8.ToArray())),
            Sql.JsonArray(Sql.Column(leads, l => l.Origins is null ? null : JsonSerializer.Serialize(l.Origins))),
            Sql.Column(leads, l => l.NameHostKey),
            write.Now);
        batch.Add("DELETE FROM aix.contact_points WHERE tenant_id = $1 AND lead_id = ANY($2)", tenant, Sql.Column(leads, l => l.Id));
    }

    private static void AddContacts(NpgsqlBatch batch, Guid tenant, IReadOnlyList<LeadImage> leads)
    {
        var rows = new List<(Guid Lead, short Position, ContactImage Contact)>(leads.Count * 2);
        Span<short> next = stackalloc short[2];
        foreach (var lead in leads)
        {
            next.Clear();
            foreach (var contact in lead.Contacts)
            {
                rows.Add((lead.Id, next[(int)contact.Kind]++, contact));
            }
        }

        // In the order of the blind index, whose random keys would otherwise touch a page a row.
        rows.Sort((a, b) => (a.Contact.Key ?? Guid.Empty).CompareTo(b.Contact.Key ?? Guid.Empty));
        batch.Add(
            """
            INSERT INTO aix.contact_points (tenant_id, lead_id, kind, position, value, blind_index, line, flag)
            SELECT $1, c.* FROM unnest($2::uuid[], $3::smallint[], $4::smallint[], $5::text[], $6::uuid[], $7::smallint[], $8::text[]) AS c
            """,
            tenant,
            Sql.Column(rows, r => r.Lead),
            Sql.Column(rows, r => (short)r.Contact.Kind),
            Sql.Column(rows, r => r.Position),
            Sql.Column(rows, r => r.Contact.Value),
            Sql.Column(rows, r => r.Contact.Key),
            Sql.Column(rows, r => (short)r.Contact.Line),
            Sql.Column(rows, r => r.Contact.Flag));
    }

    private static void AddReferences(NpgsqlBatch batch, Guid tenant, IReadOnlyList<LeadImage> leads)
    {
        var rows = leads.SelectMany(l => l.NewExternalIds.Select(id => (Lead: l.Id, Id: id))).ToList();
        if (rows.Count > 0)
        {
            batch.Add(
                "INSERT INTO aix.external_refs (tenant_id, system, external_id, lead_id) SELECT $1, $4, r.* FROM unnest($2::text[], $3::uuid[]) AS r",
                tenant,
                Sql.Column(rows, r => r.Id),
                Sql.Column(rows, r => r.Lead),
                System);
        }
    }

    private static void AddOutcomes(NpgsqlBatch batch, Guid tenant, IntakeWrite write)
    {
        var rows = write.Added.Concat(write.Changed).Where(l => l.NewOutcome is not null).ToList();
        if (rows.Count > 0)
        {
            batch.Add(
                """
                INSERT INTO aix.lead_outcomes (tenant_id, id, lead_id, result, occurred_at, recorded_at, import_id)
                SELECT $1, o.id, o.lead_id, o.result, o.at, $6, $7 FROM unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::timestamptz[]) AS o(id, lead_id, result, at)
                """,
                tenant,
                Sql.Column(rows, _ => Guid.CreateVersion7(write.Now)),
                Sql.Column(rows, l => l.Id),
                Sql.Column(rows, l => (short)l.NewOutcome!.Result),
                Sql.Column(rows, l => l.NewOutcome!.OccurredAt ?? l.CreatedAt),
                write.Now,
                write.ImportId);

            // An imported outcome enters its end from any state, and nobody needs to review the lead any more.
            batch.Add("DELETE FROM aix.review_items WHERE tenant_id = $1 AND lead_id = ANY($2)", tenant, Sql.Column(rows, l => l.Id));
            batch.Add(
                """
                WITH was AS (SELECT st.lead_id, st.state, CASE o.result WHEN 1 THEN 9 ELSE 10 END AS target, o.id FROM unnest($2::uuid[], $3::uuid[], $4::smallint[]) AS o(id, lead_id, result)
                             JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = o.lead_id FOR UPDATE OF st),
                     moved AS (UPDATE aix.lead_standings st SET state = was.target, changed_at = $5 FROM was WHERE st.tenant_id = $1 AND st.lead_id = was.lead_id AND st.state <> was.target RETURNING st.lead_id)
                INSERT INTO aix.lead_transitions (tenant_id, id, lead_id, from_state, to_state, origin, import_id, at)
                SELECT $1, was.id, was.lead_id, was.state, was.target, 2, $6, $5 FROM was JOIN moved USING (lead_id)
                """,
                tenant,
                Sql.Column(rows, _ => Guid.CreateVersion7(write.Now)),
                Sql.Column(rows, l => l.Id),
                Sql.Column(rows, l => (short)l.NewOutcome!.Result),
                write.Now,
                write.ImportId);
        }
    }
}
