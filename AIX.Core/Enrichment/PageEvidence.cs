namespace AIX.Core.Enrichment;

/// <summary>What a page and its domain show, for fingerprints. Names of headers, meta tags and DNS records are lower-case.</summary>
public sealed record PageEvidence
{
    public string Url { get; init; } = "";

    public string Html { get; init; } = "";

    /// <summary>Visible text.</summary>
    public string Text { get; init; } = "";

    public IReadOnlyDictionary<string, string[]> Headers { get; init; } = new Dictionary<string, string[]>();

    public IReadOnlyList<string> ScriptSources { get; init; } = [];

    /// <summary>Text of inline scripts.</summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];

    public IReadOnlyDictionary<string, string[]> Meta { get; init; } = new Dictionary<string, string[]>();

    public IReadOnlyDictionary<string, string> Cookies { get; init; } = new Dictionary<string, string>();

    /// <summary><c>txt</c>, <c>mx</c> …</summary>
    public IReadOnlyDictionary<string, string[]> Dns { get; init; } = new Dictionary<string, string[]>();

    public string Robots { get; init; } = "";
}

/// <param name="Confidence">1 to 100.</param>
/// <param name="Version">Empty when the fingerprint tells none.</param>
public sealed record DetectedTechnology(string Name, int Confidence, string Version, IReadOnlyList<string> Categories);
