using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Leads;

/// <summary>The lead table: keyset pages on indexes that the chosen order has for itself, so that a page stays right while rows change around it.</summary>
internal sealed class LeadQueries(DataSources sources, ICurrentTenant current, LeadMemory memory, ILiveFeed feed, TimeProvider time) : ILeadQueries
{
    public const int MaxLimit = 200;

    /// <summary>Up to so many matches are found through the trigram index and then sorted; a commoner text is looked for along the sort order, where it soon fills a page.</summary>
    private const int FewMatches = 2_500;

    private const int Counted = 10_001;

    /// <summary>The palette shows eight: it does not sort thousands for them.</summary>
    private const int FewHits = 400;

    /// <summary>$2 is a week ago.</summary>
    private const string Columns =
        """
        l.id, l.name, l.company, l.city, l.title, l.country, st.state, st.band, st.score, st.score_low, st.score_high, st.uncertain, st.top_reason, st.model_version, st.icp_version, l.created_at, greatest(l.updated_at, st.scored_at, st.changed_at),
        (SELECT value FROM aix.contact_points c WHERE c.tenant_id = l.tenant_id AND c.lead_id = l.id AND c.kind = 0 ORDER BY position LIMIT 1),
        (SELECT value FROM aix.contact_points c WHERE c.tenant_id = l.tenant_id AND c.lead_id = l.id AND c.kind = 1 ORDER BY position LIMIT 1),
        (SELECT external_id FROM aix.external_refs r WHERE r.tenant_id = l.tenant_id AND r.lead_id = l.id LIMIT 1),
        st.override_band, st.override_score, st.override_until, st.owner_id, (SELECT u.display_name FROM aix.users u WHERE u.tenant_id = l.tenant_id AND u.id = st.owner_id),
        EXISTS (SELECT 1 FROM aix.review_items ri WHERE ri.tenant_id = l.tenant_id AND ri.lead_id = l.id),
        nt.title, nt.kind, st.next_due_at, st.touched_at, st.hot_at, st.first_touch_at,
        (SELECT w.probability FROM aix.lead_scores w WHERE w.tenant_id = l.tenant_id AND w.lead_id = l.id AND w.model_version = st.model_version AND w.at <= $2 ORDER BY w.at DESC LIMIT 1),
        (SELECT array_agg(lt.tag ORDER BY lt.tag) FROM aix.lead_tags lt WHERE lt.tenant_id = l.tenant_id AND lt.lead_id = l.id), l.attributes->>'language'
        """;

    private const string Tables = "aix.leads l JOIN aix.lead_standings st ON st.tenant_id = l.tenant_id AND st.lead_id = l.id";

    private const string NextTask = " LEFT JOIN LATERAL (SELECT t.title, t.kind FROM aix.lead_tasks t WHERE st.next_due_at IS NOT NULL AND t.tenant_id = l.tenant_id AND t.lead_id = l.id AND t.done_at IS NULL ORDER BY t.due_at LIMIT 1) nt ON true";

    public async Task<Result<Page<LeadRow>>> ListAsync(LeadFilter filter, CancellationToken ct)
    {
        if (filter.Limit is < 1 or > MaxLimit)
        {
            return new Error(ErrorKind.Invalid, "invalid-limit", $"limit is {filter.Limit}; it must lie between 1 and {MaxLimit}.", "limit");
        }

        var keys = Keys(filter);
        var order = $"{(int)filter.Sort}/{(int?)filter.Then}";
        if (!LeadCursor.TryRead(filter.Cursor, order, keys, out var after))
        {
            return new Error(ErrorKind.Invalid, "invalid-cursor", "The cursor is damaged or belongs to another sort order; start again without one.", "cursor");
        }

        await using var db = sources.Context(current.Id ?? default);
        await db.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var command = Command(connection, db.Tenant);
        var where = LeadFilterSql.Where(command, filter, await MatchesAsync(connection, filter, FewMatches, ct));
        if (after is { } from)
        {
            where += LeadFilterSql.After(command, keys, from.Values, from.Id);
        }

        var direction = keys[^1].Descending ? "DESC" : "ASC";
        var orderBy = string.Join(", ", keys.Select(k => $"{k.Column} {(k.Descending ? "DESC" : "ASC")}")) + (keys[^1].Type == typeof(Guid) ? "" : $", st.lead_id {direction}");

        // The page is found on narrow rows first; only its rows fetch what else is shown.
        var values = string.Join(", ", keys.Select((k, i) => $"({k.Column})::text AS k{i}"));
        var pageKeys = string.Join(", ", keys.Select((_, i) => $"p.k{i}"));
        command.CommandText =
            $"""
            WITH p AS (SELECT st.lead_id, row_number() OVER (ORDER BY {orderBy}) AS n, {values} FROM {Tables} WHERE l.tenant_id = $1 AND st.tenant_id = $1{where} ORDER BY {orderBy} LIMIT {filter.Limit + 1})
            SELECT {Columns}, {pageKeys} FROM p JOIN aix.leads l ON l.tenant_id = $1 AND l.id = p.lead_id JOIN aix.lead_standings st ON st.tenant_id = $1 AND st.lead_id = p.lead_id{NextTask} ORDER BY p.n
            """;
        var rows = new List<LeadRow>(filter.Limit);
        string? next = null;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (rows.Count == filter.Limit)
            {
                return new Page<LeadRow>(rows, next);
            }

            rows.Add(Read(reader));
            next = LeadCursor.Write(order, [.. keys.Select((_, i) => reader.GetString(35 + i))], rows[^1].Id);
        }

        return new Page<LeadRow>(rows, null);
    }

    public async Task<IReadOnlyList<LeadRow>> RowsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        await using var db = sources.Context(current.Id ?? default);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = Command((NpgsqlConnection)db.Database.GetDbConnection(), db.Tenant);
        command.CommandText = $"SELECT {Columns} FROM {Tables}{NextTask} WHERE l.tenant_id = $1 AND l.id = ANY({LeadFilterSql.Add(command, ids.ToArray())})";
        var rows = new List<LeadRow>(ids.Count);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(Read(reader));
        }

        return rows;
    }

    public Task<IReadOnlyList<LeadRow>> LiveRowsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var tenant = current.Id ?? default;
        return memory.Rows.GetAsync((tenant, feed.CountOf(tenant), string.Join(',', ids.Order())), () => RowsAsync(ids, CancellationToken.None));
    }

    public Task<LeadCounts> CountsAsync(CancellationToken ct) => memory.Counts.GetAsync(current.Id ?? default, () => CountsAsync(current.Id ?? default));

    private async Task<LeadCounts> CountsAsync(TenantId tenant)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync();
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(CountSql, db.Tenant.Value);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new LeadCounts(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4));
    }

    public async Task<int> CountAsync(LeadFilter filter, CancellationToken ct)
    {
        await using var db = sources.Context(current.Id ?? default);
        await db.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var command = connection.CreateCommand();
        LeadFilterSql.Add(command, db.Tenant.Value);
        command.CommandText = $"SELECT count(*)::int FROM (SELECT 1 FROM {Tables} WHERE l.tenant_id = $1 AND st.tenant_id = $1{LeadFilterSql.Where(command, filter, await MatchesAsync(connection, filter, FewMatches, ct))} LIMIT {Counted}) c";
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task<IReadOnlyList<LeadHit>> SearchAsync(string text, int limit, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        await using var db = sources.Context(current.Id ?? default);
        await db.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var filter = new LeadFilter(Query: text);
        await using var command = connection.CreateCommand();
        LeadFilterSql.Add(command, db.Tenant.Value);
        var matches = await MatchesAsync(connection, filter, FewHits, ct);
        command.CommandText =
            $"""
            SELECT l.id, coalesce(l.name, (SELECT c.value FROM aix.contact_points c WHERE c.tenant_id = $1 AND c.lead_id = l.id ORDER BY c.kind, c.position LIMIT 1), '?'), l.company, l.city, st.shown_band, coalesce(st.override_score, st.score), st.uncertain, st.override_band IS NOT NULL
            FROM {Tables} WHERE l.tenant_id = $1 AND st.tenant_id = $1{LeadFilterSql.Where(command, filter, matches)} ORDER BY st.score_order DESC, st.lead_id LIMIT {Math.Clamp(limit, 1, 50)}
            """;
        var hits = new List<LeadHit>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            hits.Add(new LeadHit(reader.GetGuid(0), reader.GetString(1), reader.Nullable<string>(2), reader.Nullable<string>(3), reader.BandAt(4), reader.Nullable<double?>(5), reader.GetBoolean(6), reader.GetBoolean(7)));
        }

        return hits;
    }

    public async Task<Guid?> MergedIntoAsync(Guid lead, CancellationToken ct)
    {
        await using var db = sources.Context(current.Id ?? default);
        return await db.Set<LeadMerge>().Where(m => m.LoserId == lead && m.UndoneAt == null).OrderByDescending(m => m.At).Select(m => (Guid?)m.WinnerId).FirstOrDefaultAsync(ct);
    }

    public async Task<IReadOnlyList<string>> TagsAsync(CancellationToken ct)
    {
        await using var db = sources.Context(current.Id ?? default);
        return await db.Set<LeadTag>().GroupBy(t => t.Tag).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key).Take(200).ToListAsync(ct);
    }

    private static readonly string CountSql = $"SELECT {Capped("")}, {Capped("AND shown_band = 2")}, {Capped("AND shown_band = 1")}, {Capped("AND shown_band = 0")}, {Capped("AND uncertain")}";

    private static string Capped(string filter) => $"(SELECT count(*)::int FROM (SELECT 1 FROM aix.lead_standings WHERE tenant_id = $1 {filter} LIMIT {Counted}) c)";

    private static List<SortKey> Keys(LeadFilter filter)
    {
        List<SortKey> keys = [SortKey.Of(filter.Sort)];

        // After the order of arrival nothing is left to decide.
        if (filter.Then is { } then && keys[0].Type != typeof(Guid) && SortKey.Of(then) is var second && second.Column != keys[0].Column)
        {
            keys.Add(second);
        }

        return keys;
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, TenantId tenant)
    {
        var command = connection.CreateCommand();
        LeadFilterSql.Add(command, tenant.Value);
        LeadFilterSql.Add(command, time.GetUtcNow().AddDays(-7));
        return command;
    }

    /// <summary>The matching leads, or null when there are more than a few, or no text is looked for.</summary>
    private static async Task<Guid[]?> MatchesAsync(NpgsqlConnection connection, LeadFilter filter, int few, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(filter.Query))
        {
            return null;
        }

        await using var command = connection.Command("SELECT ARRAY(SELECT aix.search_leads($1, $2))", LeadFilterSql.QueryPattern(filter.Query), few + 1);
        var found = (Guid[])(await command.ExecuteScalarAsync(ct))!;
        return found.Length <= few ? found : null;
    }

    private static LeadRow Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.Nullable<string>(1),
        reader.Nullable<string>(2),
        reader.Nullable<string>(3),
        reader.Nullable<string>(4),
        reader.Nullable<string>(5),
        (LeadState)reader.GetInt16(6),
        reader.BandAt(7),
        reader.Nullable<double?>(8),
        reader.Nullable<double?>(9),
        reader.Nullable<double?>(10),
        reader.GetBoolean(11),
        reader.Nullable<string>(12),
        reader.Nullable<int?>(13),
        reader.Nullable<int?>(14),
        reader.GetFieldValue<DateTimeOffset>(15),
        reader.GetFieldValue<DateTimeOffset>(16),
        reader.Nullable<string>(17),
        reader.Nullable<string>(18),
        reader.Nullable<string>(19))
    {
        OverrideBand = reader.BandAt(20),
        OverrideScore = reader.Nullable<double?>(21),
        OverrideUntil = reader.Nullable<DateTimeOffset?>(22),
        OwnerId = reader.Nullable<Guid?>(23),
        OwnerName = reader.Nullable<string>(24),
        InReview = reader.GetBoolean(25),
        NextTitle = reader.Nullable<string>(26),
        NextKind = reader.IsDBNull(27) ? null : (TaskKind)reader.GetInt16(27),
        NextDueAt = reader.Nullable<DateTimeOffset?>(28),
        TouchedAt = reader.Nullable<DateTimeOffset?>(29),
        HotAt = reader.Nullable<DateTimeOffset?>(30),
        FirstTouchAt = reader.Nullable<DateTimeOffset?>(31),
        WeekAgo = reader.Nullable<double?>(32),
        Tags = reader.Nullable<string[]>(33) ?? [],
        Language = reader.Nullable<string>(34),
    };

}

/// <summary>Answers that this node's pages share for a moment.</summary>
internal sealed class LeadMemory(TimeProvider time)
{
    public ShortMemory<TenantId, LeadCounts> Counts { get; } = new(time, TimeSpan.FromSeconds(2));

    /// <summary>Rows by tenant, the count of events that had come, and ids: a later event asks anew.</summary>
    public ShortMemory<(TenantId Tenant, long Events, string Ids), IReadOnlyList<LeadRow>> Rows { get; } = new(time, TimeSpan.FromSeconds(2));
}
