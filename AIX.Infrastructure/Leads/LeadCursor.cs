using System.Globalization;
using System.Text;
using System.Text.Json;
using AIX.Core.Leads;

namespace AIX.Infrastructure.Leads;

/// <summary>The last row of a page, as opaque text: sort order, its value, the lead's id.</summary>
internal static class LeadCursor
{
    public static string Write(LeadSort sort, string value, Guid id) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new[] { ((int)sort).ToString(CultureInfo.InvariantCulture), value, id.ToString("N") })).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    /// <returns>False for text that is no cursor of this order; true with null for no cursor at all.</returns>
    public static bool TryRead(string? cursor, LeadSort sort, out (string Value, Guid Id)? after)
    {
        after = null;
        if (string.IsNullOrEmpty(cursor))
        {
            return true;
        }

        try
        {
            var text = cursor.Replace('-', '+').Replace('_', '/');
            var parts = JsonSerializer.Deserialize<string[]>(Encoding.UTF8.GetString(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='))));
            if (parts is not { Length: 3 } || parts[0] != ((int)sort).ToString(CultureInfo.InvariantCulture) || !Guid.TryParse(parts[2], out var id)
                || (sort is LeadSort.ScoreAscending or LeadSort.ScoreDescending && !double.TryParse(parts[1], CultureInfo.InvariantCulture, out _)) || parts[1] is null)
            {
                return false;
            }

            after = (parts[1], id);
            return true;
        }
        catch (Exception ex) when (ex is FormatException or JsonException)
        {
            return false;
        }
    }
}
