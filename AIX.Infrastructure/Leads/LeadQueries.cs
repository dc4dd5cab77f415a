using System.Globalization;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Leads;

/// <summary>The lead table: keyset pages on indexes that the chosen order has for itself.</summary>
internal sealed class LeadQueries(DataSources sources, ICurrentTenant current) : ILeadQueries
{
    public const int MaxLimit = 200;

    /// <summary>Up to so many matches are found through the trigram index and then sorted; a commoner text is looked for along the sort order, where it soon fills a page.</summary>
    private const int FewMatches = 2_500;

    private const string Columns =
        """
        l.id, l.name, l.company, l.city, l.title, l.country, l.state, st.band, st.score, st.score_low, st.score_high, st.uncertain, st.top_reason, st.model_version, st.icp_version, l.created_at, greatest(l.updated_at, st.scored_at),
        (SELECT value FROM aix.contact_points c WHERE c.tenant_id = l.tenant_id AND c.lead_id = l.id AND c.kind = 0 ORDER BY position LIMIT 1),
        (SELECT value FROM aix.contact_points c WHERE c.tenant_id = l.tenant_id AND c.lead_id = l.id AND c.kind = 1 ORDER BY position LIMIT 1),
        (SELECT external_id FROM aix.external_refs r WHERE r.tenant_id = l.tenant_id AND r.lead_id = l.id LIMIT 1), st.score_order, l.name_order
        """;

    private const string Tables = "aix.leads l JOIN aix.lead_standings st ON st.tenant_id = l.tenant_id AND st.lead_id = l.id";

    public async Task<Result<Page<LeadRow>>> ListAsync(LeadFilter filter, CancellationToken ct)
    {
        if (filter.Limit is < 1 or > MaxLimit)
        {
            return new Error(ErrorKind.Invalid, "invalid-limit", $"limit is {filter.Limit}; it must lie between 1 and {MaxLimit}.", "limit");
        }

        var order = Orders[filter.Sort];
        if (!LeadCursor.TryRead(filter.Cursor, filter.Sort, out var after))
        {
            return new Error(ErrorKind.Invalid, "invalid-cursor", "The cursor is damaged or belongs to another sort order; start again without one.", "cursor");
        }

        await using var db = sources.Context(current.Id ?? default);
        await db.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var pattern = string.IsNullOrWhiteSpace(filter.Query) ? null : Pattern(filter.Query);
        var matches = pattern is null ? null : await FewMatchesAsync(connection, pattern, ct);
        await using var command = Build(connection, db.Tenant.Value, filter, order, after, pattern, matches);
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
            next = LeadCursor.Write(filter.Sort, order.Column switch
            {
                "score_order" => reader.GetDouble(20).ToString("R", CultureInfo.InvariantCulture),
                "name_order" => reader.Nullable<string>(21) ?? "",
                _ => "",
            }, rows[^1].Id);
        }

        return new Page<LeadRow>(rows, null);
    }

    public async Task<IReadOnlyList<LeadRow>> RowsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        await using var db = sources.Context(current.Id ?? default);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            $"SELECT {Columns} FROM {Tables} WHERE l.tenant_id = $1 AND l.id = ANY($2)", db.Tenant.Value, ids.ToArray());
        var rows = new List<LeadRow>(ids.Count);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(Read(reader));
        }

        return rows;
    }

    public async Task<LeadCounts> CountsAsync(CancellationToken ct)
    {
        await using var db = sources.Context(current.Id ?? default);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(CountSql, db.Tenant.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new LeadCounts(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4));
    }

    private static readonly string CountSql = $"SELECT {Capped("")}, {Capped("AND band = 2")}, {Capped("AND band = 1")}, {Capped("AND band = 0")}, {Capped("AND uncertain")}";

    private static string Capped(string filter) => $"(SELECT count(*)::int FROM (SELECT 1 FROM aix.lead_standings WHERE tenant_id = $1 {filter} LIMIT 10001) c)";

    private static readonly Dictionary<LeadSort, (string Column, bool Descending)> Orders = new()
    {
        [LeadSort.ScoreDescending] = ("score_order", true),
        [LeadSort.ScoreAscending] = ("score_order", false),
        [LeadSort.NameAscending] = ("name_order", false),
        [LeadSort.NameDescending] = ("name_order", true),

        // Ids are time-ordered: the primary key is the order of arrival.
        [LeadSort.CreatedDescending] = ("id", true),
        [LeadSort.CreatedAscending] = ("id", false),
    };

    private static NpgsqlCommand Build(NpgsqlConnection connection, Guid tenant, LeadFilter filter, (string Column, bool Descending) order, (string Value, Guid Id)? after, string? pattern, Guid[]? matches)
    {
        var command = connection.CreateCommand();
        var sql = $"SELECT {Columns} FROM {Tables} WHERE l.tenant_id = {Add(command, tenant)} AND st.tenant_id = $1";
        if (filter.Band is { } band)
        {
            sql += $" AND st.band = {Add(command, (short)band)}";
        }

        if (filter.Uncertain is { } uncertain)
        {
            sql += uncertain ? " AND st.uncertain" : " AND NOT st.uncertain";
        }

        if (filter.ImportId is { } import)
        {
            sql += $" AND l.source_id = {Add(command, import)}";
        }

        if (matches is not null)
        {
            sql += $" AND l.id = ANY({Add(command, matches)})";
        }
        else if (pattern is not null)
        {
            sql += $" AND EXISTS (SELECT 1 FROM aix.lead_search s WHERE s.tenant_id = l.tenant_id AND s.lead_id = l.id AND s.text LIKE {Add(command, pattern)} OFFSET 0)";
        }

        if (after is { } from)
        {
            var comparison = order.Descending ? "<" : ">";
            sql += order.Column switch
            {
                "id" => $" AND l.id {comparison} {Add(command, from.Id)}",
                "score_order" => $" AND (st.score_order, st.lead_id) {comparison} ({Add(command, double.Parse(from.Value, CultureInfo.InvariantCulture))}, {Add(command, from.Id)})",
                _ => $" AND (l.name_order, l.id) {comparison} ({Add(command, from.Value)} COLLATE \"C\", {Add(command, from.Id)})",
            };
        }

        var direction = order.Descending ? "DESC" : "ASC";
        sql += order.Column switch
        {
            "id" => $" ORDER BY l.id {direction}",
            "score_order" => $" ORDER BY st.score_order {direction}, st.lead_id {direction}",
            _ => $" ORDER BY l.name_order {direction}, l.id {direction}",
        };
        sql += $" LIMIT {filter.Limit + 1}";
        command.CommandText = sql;
        return command;
    }

    /// <summary>The matching leads, or null when there are more than a few.</summary>
    private static async Task<Guid[]?> FewMatchesAsync(NpgsqlConnection connection, string pattern, CancellationToken ct)
    {
        await using var command = connection.Command("SELECT ARRAY(SELECT aix.search_leads($1, $2))", pattern, FewMatches + 1);
        var found = (Guid[])(await command.ExecuteScalarAsync(ct))!;
        return found.Length <= FewMatches ? found : null;
    }

    private static string Add(NpgsqlCommand command, object value)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value });
        return "$" + command.Parameters.Count.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>LIKE pattern of the text, taken literally.</summary>
    private static string Pattern(string query)
    {
        var text = query.Trim().ToLowerInvariant().Replace("\0", "", StringComparison.Ordinal);
        text = text.Length > 100 ? text[..100] : text;
        return "%" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
    }

    private static LeadRow Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.Nullable<string>(1),
        reader.Nullable<string>(2),
        reader.Nullable<string>(3),
        reader.Nullable<string>(4),
        reader.Nullable<string>(5),
        (LeadState)reader.GetInt16(6),
        reader.IsDBNull(7) ? null : (Band)reader.GetInt16(7),
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
        reader.Nullable<string>(19));
}
