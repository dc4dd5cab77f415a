using System.Globalization;
using System.Text.Json;

namespace AIX.Infrastructure.Enrichment.Http;

/// <summary>The part of JSONPath (RFC 9535) that definitions of sources need: names, indexes and <c>[*]</c>, as in <c>$.items[0].sic_codes[*]</c>.</summary>
internal sealed class JsonPath
{
    private readonly List<string> _steps = [];

    /// <exception cref="FormatException">The path is none.</exception>
    public JsonPath(string path)
    {
        if (!path.StartsWith('$'))
        {
            throw new FormatException($"\"{path}\" is no path: it begins with $.");
        }

        foreach (var part in path[1..].Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            if (bracket != 0)
            {
                _steps.Add(bracket < 0 ? part : part[..bracket]);
            }

            foreach (var index in bracket < 0 ? [] : part[bracket..].Split(['[', ']'], StringSplitOptions.RemoveEmptyEntries))
            {
                _steps.Add(index == "*" || int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? $"[{index}]" : throw new FormatException($"\"{path}\" is no path: [{index}] is neither a number nor *."));
            }
        }
    }

    public IEnumerable<JsonElement> Read(JsonElement root)
    {
        IEnumerable<JsonElement> found = [root];
        foreach (var step in _steps)
        {
            found = found.SelectMany(e => Step(e, step));
        }

        return found.Where(e => e.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined));
    }

    /// <summary>Scalars as text, several joined by commas; null when there is nothing.</summary>
    public string? Text(JsonElement root)
    {
        var values = Read(root).Select(e => e.ValueKind switch
        {
            JsonValueKind.String => e.GetString(),
            JsonValueKind.Number => e.GetDouble().ToString("0.######", CultureInfo.InvariantCulture),
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            _ => null,
        }).Where(v => !string.IsNullOrWhiteSpace(v)).Distinct().Take(100).ToList();
        return values.Count == 0 ? null : string.Join(", ", values);
    }

    private static IEnumerable<JsonElement> Step(JsonElement element, string step)
    {
        if (step[0] != '[')
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(step, out var property))
            {
                yield return property;
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            var only = step == "[*]" ? -1 : int.Parse(step.AsSpan(1, step.Length - 2), CultureInfo.InvariantCulture);
            foreach (var (at, item) in element.EnumerateArray().Index())
            {
                if (only < 0 || at == only)
                {
                    yield return item;
                }
            }
        }
    }
}
