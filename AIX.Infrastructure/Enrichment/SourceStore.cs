using System.Text.Json;
using AIX.Core.Companies;
using AIX.Core.Enrichment;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Enrichment;

/// <summary>Companies, answers, costs and plans, a batch per statement.</summary>
internal sealed class SourceStore(DataSources sources) : ISourceStore
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    public async Task<IReadOnlyList<CompanyToEnrich>> CompaniesAsync(IUnitOfWork work, Guid[] leads, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add(
            $"""
            SELECT c.id, c.name, array_agg(l.lead_id),
                   (SELECT k.value FROM aix.company_keys k WHERE k.tenant_id = $1 AND k.company_id = c.id AND k.kind = {(int)CompanyKeyKind.Domain} ORDER BY length(k.value), k.value LIMIT 1),
                   (SELECT k.value FROM aix.company_keys k WHERE k.tenant_id = $1 AND k.company_id = c.id AND k.kind = {(int)CompanyKeyKind.Cin} LIMIT 1)
            FROM aix.lead_companies l JOIN aix.companies c ON c.tenant_id = $1 AND c.id = l.company_id
            WHERE l.tenant_id = $1 AND l.lead_id = ANY($2) GROUP BY c.id, c.name
            """,
            unit.TenantId.Value, leads);
        batch.Add(
            """
            SELECT DISTINCT ON (f.company_id, f.attribute, f.source) f.company_id, f.attribute, f.source, f.observed_at, f.reliability FROM aix.company_facts f
            WHERE f.tenant_id = $1 AND f.company_id IN (SELECT l.company_id FROM aix.lead_companies l WHERE l.tenant_id = $1 AND l.lead_id = ANY($2))
            ORDER BY f.company_id, f.attribute, f.source, f.recorded_at DESC
            """,
            unit.TenantId.Value, leads);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var companies = new List<CompanyToEnrich>();
        while (await reader.ReadAsync(ct))
        {
            companies.Add(new CompanyToEnrich(reader.GetGuid(0), reader.GetString(1), reader.Nullable<string>(3), reader.Nullable<string>(4), reader.GetFieldValue<Guid[]>(2), []));
        }

        await reader.NextResultAsync(ct);
        var known = new List<(Guid Company, KnownFact Fact)>();
        while (await reader.ReadAsync(ct))
        {
            known.Add((reader.GetGuid(0), new KnownFact(reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetDouble(4))));
        }

        var byCompany = known.ToLookup(k => k.Company, k => k.Fact);
        return [.. companies.Select(c => c with { Known = [.. byCompany[c.Id]] })];
    }

    public async Task<IReadOnlyDictionary<(string Source, string Key), IReadOnlyList<SourcedValue>>> KeptAsync(IUnitOfWork work, IReadOnlyCollection<(SourceDescription Source, string Key)> questions, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        var (mine, shared) = (questions.Where(q => q.Source.NeedsKey).ToList(), questions.Where(q => !q.Source.NeedsKey).ToList());
        await using var command = unit.Connection.Command(
            """
            SELECT a.source, a.key, a."values" FROM unnest($2::text[], $3::text[]) AS q(source, key) JOIN aix.kept_answers a ON a.tenant_id = $1 AND a.source = q.source AND a.key = q.key WHERE a.expires_at > $6
            UNION ALL SELECT a.source, a.key, a."values" FROM unnest($4::text[], $5::text[]) AS q(source, key) JOIN aix.public_answers a ON a.source = q.source AND a.key = q.key WHERE a.expires_at > $6
            """,
            unit.TenantId.Value, Sql.Column(mine, q => q.Source.Name), Sql.Column(mine, q => q.Key), Sql.Column(shared, q => q.Source.Name), Sql.Column(shared, q => q.Key), now);
        var kept = new Dictionary<(string, string), IReadOnlyList<SourcedValue>>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            kept[(reader.GetString(0), reader.GetString(1))] = JsonSerializer.Deserialize<List<SourcedValue>>(reader.GetString(2), Json)!;
        }

        return kept;
    }

    public async Task<decimal> ReserveAsync(TenantId tenant, DateOnly day, decimal amount, decimal budget, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var connection = await OpenAsync(db, ct);
        await using var ensure = connection.Command("INSERT INTO aix.source_spends (tenant_id, day, spent) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING", tenant.Value, day);
        await ensure.ExecuteNonQueryAsync(ct);
        await using var command = connection.Command(
            """
            UPDATE aix.source_spends s SET spent = s.spent + least($3, greatest(0, $4 - s.spent)) FROM (SELECT spent FROM aix.source_spends WHERE tenant_id = $1 AND day = $2 FOR UPDATE) was
            WHERE s.tenant_id = $1 AND s.day = $2 RETURNING least($3, greatest(0, $4 - was.spent))
            """,
            tenant.Value, day, amount, budget);
        return (decimal)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task ReleaseAsync(TenantId tenant, DateOnly day, decimal amount, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await using var command = (await OpenAsync(db, ct)).Command("UPDATE aix.source_spends SET spent = greatest(0, spent - $3) WHERE tenant_id = $1 AND day = $2", tenant.Value, day, amount);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<(Guid Company, string Attribute)>> SaveAsync(
        IUnitOfWork work, IReadOnlyList<MadeCall> calls, IReadOnlyList<(SourceDescription Source, Guid Company, SourcedValue Value)> facts, DateTimeOffset now, TimeSpan nothingFor, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await SaveCallsAsync(unit, calls, now, nothingFor, ct);
        if (facts.Count == 0)
        {
            return [];
        }

        // A word that the source has given already is not written again, unless it is old enough to have been asked for anew.
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.company_facts (tenant_id, id, company_id, attribute, value, source, url, observed_at, recorded_at, reliability)
            SELECT $1, f.id, f.company_id, f.attribute, f.value, f.source, f.url, $9, $9, f.reliability
            FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[], $10::interval[]) AS f(id, company_id, attribute, value, source, url, reliability, ttl)
            WHERE NOT EXISTS (
                SELECT 1 FROM (SELECT k.value, k.observed_at FROM aix.company_facts k WHERE k.tenant_id = $1 AND k.company_id = f.company_id AND k.attribute = f.attribute AND k.source = f.source ORDER BY k.recorded_at DESC LIMIT 1) newest
                WHERE newest.value = f.value AND newest.observed_at > $9 - f.ttl)
            RETURNING company_id, attribute
            """,
            unit.TenantId.Value, Sql.Column(facts, _ => Guid.CreateVersion7(now)), Sql.Column(facts, f => f.Company), Sql.Column(facts, f => f.Value.Attribute), Sql.Column(facts, f => f.Value.Value), Sql.Column(facts, f => f.Source.Name),
            Sql.Column(facts, f => f.Value.Url), Sql.Column(facts, f => f.Source.Reliability), now, Sql.Column(facts, f => Fusion.TimeToLive(f.Value.Attribute)));
        var news = new List<(Guid, string)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            news.Add((reader.GetGuid(0), reader.GetString(1)));
        }

        return news;
    }

    public async Task SavePlansAsync(IUnitOfWork work, IReadOnlyDictionary<Guid, IReadOnlyList<PlanStep>> plans, DateTimeOffset now, CancellationToken ct)
    {
        if (plans.Count == 0)
        {
            return;
        }

        var unit = UnitOfWork.Of(work);
        var ordered = plans.OrderBy(p => p.Key).ToList();
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.enrichment_plans (tenant_id, company_id, at, steps) SELECT $1, p.company, $4, p.steps FROM unnest($2::uuid[], $3::jsonb[]) AS p(company, steps)
            ON CONFLICT (tenant_id, company_id) DO UPDATE SET at = excluded.at, steps = excluded.steps
            """,
            unit.TenantId.Value, Sql.Column(ordered, p => p.Key), Sql.JsonArray(Sql.Column(ordered, p => JsonSerializer.Serialize(p.Value, Json))), now);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task SaveCallsAsync(UnitOfWork unit, IReadOnlyList<MadeCall> calls, DateTimeOffset now, TimeSpan nothingFor, CancellationToken ct)
    {
        if (calls.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add(
            """
            INSERT INTO aix.source_calls (tenant_id, id, source, company_id, at, answer, cost, milliseconds, note)
            SELECT $1, c.id, c.source, c.company, $9, c.answer, c.cost, c.ms, c.note FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::smallint[], $6::numeric[], $7::int[], $8::text[]) AS c(id, source, company, answer, cost, ms, note)
            """,
            unit.TenantId.Value, Sql.Column(calls, _ => Guid.CreateVersion7(now)), Sql.Column(calls, c => c.Source.Source.Description.Name), Sql.Column(calls, c => c.Question.CompanyId), Sql.Column(calls, c => (short)c.Answer.Kind),
            Sql.Column(calls, c => c.Cost), Sql.Column(calls, c => (int)Math.Min(int.MaxValue, c.Took.TotalMilliseconds)), Sql.Column(calls, c => c.Answer.Note), now);
        foreach (var part in calls.Where(c => c.Answer.Kind != AnswerKind.NotMeasured).GroupBy(c => c.Source.Source.Description.NeedsKey))
        {
            var answers = part.DistinctBy(c => (c.Source.Source.Description.Name, c.Question.Key)).OrderBy(c => c.Source.Source.Description.Name, StringComparer.Ordinal).ThenBy(c => c.Question.Key, StringComparer.Ordinal).ToList();
            var (table, tenant, value, key) = part.Key ? ("kept_answers", "tenant_id, ", "$1, ", "tenant_id, source, key") : ("public_answers", "", "", "source, key");
            batch.Add(
                $"""
                INSERT INTO aix.{table} ({tenant}source, key, "values", fetched_at, expires_at)
                SELECT {value}a.source, a.key, a.v, $6, $6 + a.ttl FROM unnest($2::text[], $3::text[], $4::jsonb[], $5::interval[]) AS a(source, key, v, ttl) WHERE $1::uuid IS NOT NULL
                ON CONFLICT ({key}) DO UPDATE SET "values" = excluded."values", fetched_at = excluded.fetched_at, expires_at = excluded.expires_at
                """,
                unit.TenantId.Value, Sql.Column(answers, c => c.Source.Source.Description.Name), Sql.Column(answers, c => c.Question.Key), Sql.JsonArray(Sql.Column(answers, c => JsonSerializer.Serialize(c.Answer.Values, Json))),
                Sql.Column(answers, c => c.Answer.Kind == AnswerKind.Nothing ? nothingFor : c.Source.Source.Description.TimeToLive), now);
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    private static async Task<NpgsqlConnection> OpenAsync(AixDbContext db, CancellationToken ct)
    {
        await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.OpenConnectionAsync(db.Database, ct);
        return (NpgsqlConnection)Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.GetDbConnection(db.Database);
    }
}
