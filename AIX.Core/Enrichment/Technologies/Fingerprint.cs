using System.Text.Json;

namespace AIX.Core.Enrichment.Technologies;

/// <summary>How one technology shows itself.</summary>
internal sealed class Fingerprint
{
    private static readonly Dictionary<string, Func<PageEvidence, IEnumerable<string>>> Lists = new(StringComparer.Ordinal)
    {
        ["html"] = e => [e.Html],
        ["url"] = e => [e.Url],
        ["text"] = e => [e.Text],
        ["robots"] = e => [e.Robots],
        ["scriptSrc"] = e => e.ScriptSources,
        ["scripts"] = e => e.Scripts,
    };

    private static readonly Dictionary<string, Func<PageEvidence, string, IEnumerable<string>>> Maps = new(StringComparer.Ordinal)
    {
        ["headers"] = (e, key) => e.Headers.GetValueOrDefault(key) ?? [],
        ["meta"] = (e, key) => e.Meta.GetValueOrDefault(key) ?? [],
        ["dns"] = (e, key) => e.Dns.GetValueOrDefault(key) ?? [],
        ["cookies"] = (e, key) => e.Cookies.Where(c => c.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Select(c => c.Value),
    };

    private readonly List<(Func<PageEvidence, IEnumerable<string>> Values, FingerprintPattern Pattern)> _patterns = [];

    public Fingerprint(string name, JsonElement definition)
    {
        Name = name;
        foreach (var part in definition.EnumerateObject())
        {
            if (Lists.TryGetValue(part.Name, out var list))
            {
                _patterns.AddRange(Patterns(part.Value).Select(p => (list, p)));
            }
            else if (Maps.TryGetValue(part.Name, out var map) && part.Value.ValueKind == JsonValueKind.Object)
            {
                _patterns.AddRange(part.Value.EnumerateObject().SelectMany(k => Patterns(k.Value).Select(p => ((Func<PageEvidence, IEnumerable<string>>)(e => map(e, k.Name.ToLowerInvariant())), p))));
            }
        }

        List<FingerprintPattern> Related(string key) => definition.TryGetProperty(key, out var related) ? [.. Patterns(related)] : [];
        (Implies, Requires, Excludes) = (Related("implies"), [.. Related("requires").Select(r => r.Text)], [.. Related("excludes").Select(r => r.Text)]);
        Categories = [.. Related("cats").Select(c => c.Text)];
        RequiredCategories = [.. Related("requiresCategory").Select(c => c.Text)];
    }

    public string Name { get; }

    public IReadOnlyList<string> Categories { get; }

    public IReadOnlyList<FingerprintPattern> Implies { get; }

    public IReadOnlyList<string> Requires { get; }

    public IReadOnlyList<string> RequiredCategories { get; }

    public IReadOnlyList<string> Excludes { get; }

    /// <summary>Null when nothing of it shows. Confidences of patterns add up to 100 at most; the longest version that looks like one is kept.</summary>
    public DetectedTechnology? Detect(PageEvidence evidence)
    {
        var (confidence, version) = (0, "");
        foreach (var (values, pattern) in _patterns)
        {
            foreach (var value in values(evidence))
            {
                if (pattern.Match(value) is { } told)
                {
                    confidence += pattern.Confidence;
                    version = told.Length > version.Length && told.Length <= 15 ? told : version;
                    break;
                }
            }
        }

        return confidence == 0 ? null : new DetectedTechnology(Name, Math.Min(100, confidence), version, Categories);
    }

    private static IEnumerable<FingerprintPattern> Patterns(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [new FingerprintPattern(value.GetString()!)],
        JsonValueKind.Number => [new FingerprintPattern(value.GetRawText())],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Patterns),
        _ => [],
    };
}
