using System.Globalization;
using System.Text;
using System.Text.Json;
using AIX.Core.Leads;

namespace AIX.Infrastructure.Leads;

/// <summary>A column that the table can be sorted by: an expression that is never null.</summary>
internal sealed record SortKey(string Column, bool Descending, Type Type)
{
    public string Cast => Type == typeof(double) ? "::float8" : Type == typeof(DateTimeOffset) ? "::timestamptz" : Type == typeof(Guid) ? "::uuid" : "::text COLLATE \"C\"";

    public static SortKey Of(LeadSort sort) => sort switch
    {
        LeadSort.ScoreDescending => new("st.score_order", true, typeof(double)),
        LeadSort.ScoreAscending => new("st.score_order", false, typeof(double)),
        LeadSort.NameAscending => new("l.name_order", false, typeof(string)),
        LeadSort.NameDescending => new("l.name_order", true, typeof(string)),

        // Ids are time-ordered: the primary key is the order of arrival.
        LeadSort.CreatedDescending => new("l.id", true, typeof(Guid)),
        LeadSort.CreatedAscending => new("l.id", false, typeof(Guid)),
        LeadSort.CompanyAscending => new("lower(coalesce(l.company, '')) COLLATE \"C\"", false, typeof(string)),
        LeadSort.CompanyDescending => new("lower(coalesce(l.company, '')) COLLATE \"C\"", true, typeof(string)),
        LeadSort.NextAscending => new("coalesce(st.next_due_at, 'infinity')", false, typeof(DateTimeOffset)),
        LeadSort.NextDescending => new("coalesce(st.next_due_at, '-infinity')", true, typeof(DateTimeOffset)),
        LeadSort.TouchedDescending => new("coalesce(st.touched_at, '-infinity')", true, typeof(DateTimeOffset)),
        LeadSort.TouchedAscending => new("coalesce(st.touched_at, 'infinity')", false, typeof(DateTimeOffset)),
        _ => throw new ArgumentOutOfRangeException(nameof(sort)),
    };
}

/// <summary>The last row of a page, as opaque text: sort orders, their values as PostgreSQL writes them, the lead's id.</summary>
internal static class LeadCursor
{
    public static string Write(string order, IReadOnlyList<string> values, Guid id) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes((string[])[order, .. values, id.ToString("N")])).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    /// <returns>False for text that is no cursor of this order; true with null for no cursor at all.</returns>
    public static bool TryRead(string? cursor, string order, IReadOnlyList<SortKey> keys, out (IReadOnlyList<string> Values, Guid Id)? after)
    {
        after = null;
        if (string.IsNullOrEmpty(cursor))
        {
            return true;
        }

        try
        {
            var text = cursor.Replace('-', '+').Replace('_', '/');
            var parts = JsonSerializer.Deserialize<string?[]>(Encoding.UTF8.GetString(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='))));
            if (parts is null || parts.Length != keys.Count + 2 || parts[0] != order || !Guid.TryParse(parts[^1], out var id))
            {
                return false;
            }

            for (var i = 0; i < keys.Count; i++)
            {
                if (parts[i + 1] is not { } value || value.Contains('\0', StringComparison.Ordinal) || !Reads(value, keys[i].Type))
                {
                    return false;
                }
            }

            after = ([.. parts[1..^1].Select(p => p!)], id);
            return true;
        }
        catch (Exception ex) when (ex is FormatException or JsonException)
        {
            return false;
        }
    }

    private static bool Reads(string value, Type type) =>
        type == typeof(double) ? double.TryParse(value, CultureInfo.InvariantCulture, out _)
        : type == typeof(Guid) ? Guid.TryParse(value, out _)
        : type != typeof(DateTimeOffset) || value is "infinity" or "-infinity" || DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _);
}
