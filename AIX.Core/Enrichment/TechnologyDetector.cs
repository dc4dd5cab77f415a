using System.Text.Json;
using AIX.Core.Enrichment.Technologies;

namespace AIX.Core.Enrichment;

/// <summary>
/// Finds technologies by their fingerprints, in the public Wappalyzer format: html, url, text, robots, scriptSrc, scripts, headers, meta, cookies and dns, with confidence, version, implies, requires and
/// excludes; what needs a running page (js, dom, xhr, css) is passed over. The shipped list is AIX's own, of technologies that sales teams care about.
/// </summary>
public sealed class TechnologyDetector
{
    private static readonly Lazy<TechnologyDetector> Shipped = new(() => new TechnologyDetector(ShippedList()));

    private readonly Dictionary<string, Fingerprint> _all;

    /// <param name="list">JSON object: name → fingerprint.</param>
    public TechnologyDetector(JsonElement list) => _all = list.EnumerateObject().Select(f => new Fingerprint(f.Name, f.Value)).ToDictionary(f => f.Name, StringComparer.Ordinal);

    public static TechnologyDetector Default => Shipped.Value;

    public int Count => _all.Count;

    public IReadOnlyCollection<string> Names => _all.Keys;

    /// <returns>The surest first, then by name; what others imply is as sure as the least of both.</returns>
    public IReadOnlyList<DetectedTechnology> Detect(PageEvidence evidence)
    {
        var found = _all.Values.Select(f => f.Detect(evidence)).OfType<DetectedTechnology>().ToDictionary(d => d.Name, StringComparer.Ordinal);
        AddImplied(found);
        foreach (var excluded in found.Keys.SelectMany(n => _all[n].Excludes).ToList())
        {
            found.Remove(excluded);
        }

        var categories = found.Values.SelectMany(d => d.Categories).ToHashSet(StringComparer.Ordinal);
        bool Stands(DetectedTechnology d) => _all[d.Name].Requires.All(found.ContainsKey) && _all[d.Name].RequiredCategories.All(categories.Contains);
        return [.. found.Values.Where(Stands).OrderByDescending(d => d.Confidence).ThenBy(d => d.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private void AddImplied(Dictionary<string, DetectedTechnology> found)
    {
        var open = new Queue<DetectedTechnology>(found.Values);
        while (open.TryDequeue(out var cause))
        {
            foreach (var implied in _all[cause.Name].Implies)
            {
                if (_all.TryGetValue(implied.Text, out var fingerprint) && !found.ContainsKey(implied.Text))
                {
                    var detected = new DetectedTechnology(implied.Text, Math.Min(cause.Confidence, implied.Confidence), "", fingerprint.Categories);
                    found[implied.Text] = detected;
                    open.Enqueue(detected);
                }
            }
        }
    }

    private static JsonElement ShippedList()
    {
        using var stream = typeof(TechnologyDetector).Assembly.GetManifestResourceStream("technologies.json") ?? throw new InvalidOperationException("The list of technologies is not in the program.");
        return JsonDocument.Parse(stream).RootElement.Clone();
    }
}
