using System.Diagnostics;
using System.Text.Json;
using AIX.Core.Enrichment;
using Shouldly;
using Xunit;

namespace AIX.Tests.Enrichment;

public class TechnologyTests
{
    public static TheoryData<string> Cases => [.. Vectors().Select(v => v.GetProperty("name").GetString()!)];

    /// <summary>What the public engine finds on the same evidence, with the same confidence; the shipped list tells at least as much.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Detector_AgreesWithThePublicEngine(string name)
    {
        var vector = Vectors().Single(v => v.GetProperty("name").GetString() == name);

        var found = TechnologyDetector.Default.Detect(Evidence(vector)).ToDictionary(d => d.Name);

        foreach (var expected in vector.GetProperty("expected").EnumerateArray())
        {
            var detected = found.GetValueOrDefault(expected.GetProperty("name").GetString()!).ShouldNotBeNull(expected.GetProperty("name").GetString()!);
            detected.Confidence.ShouldBe(expected.GetProperty("confidence").GetInt32(), detected.Name);
            detected.Version.ShouldBe(expected.GetProperty("version").GetString(), detected.Name);
        }
    }

    [Fact]
    public void ShippedList_HasAtLeast150Technologies() => TechnologyDetector.Default.Count.ShouldBeGreaterThanOrEqualTo(150);

    /// <summary>The tags of the format: confidence adds up, a ternary version, what is implied is as sure as the least, requires and excludes.</summary>
    [Fact]
    public void Format_TagsAndRelations_AreUnderstood()
    {
        var detector = Detector(
            """
            { "A": { "html": ["one\\;confidence:40", "two\\;confidence:30"], "implies": "B\\;confidence:50" },
              "B": { "excludes": "C" }, "C": { "html": "one" }, "D": { "html": "one", "requires": "Z" },
              "E": { "scriptSrc": "e(?:-(\\d+))?\\.js\\;version:\\1?\\1.x:old" }, "F": { "meta": { "Generator": "^F ([\\d.]+)\\;version:\\1" } }, "G": { "html": "gg", "requiresCategory": "shop" }, "H": { "cats": ["shop"], "html": "hh" } }
            """);
        var found = detector.Detect(new PageEvidence { Html = "one two gg hh", ScriptSources = ["/e-12.js"], Meta = new Dictionary<string, string[]> { ["generator"] = ["F 1.5"] } }).ToDictionary(d => d.Name);

        (found["A"].Confidence, found["B"].Confidence).ShouldBe((70, 50));
        found.Keys.ShouldBe(["A", "B", "E", "F", "G", "H"], ignoreOrder: true);
        (found["E"].Version, found["F"].Version).ShouldBe(("12.x", "1.5"));
        detector.Detect(new PageEvidence { ScriptSources = ["/e.js"] }).Single().Version.ShouldBe("old");
    }

    /// <summary>Prevents: a page written to make an expression run for ever.</summary>
    [Fact]
    public void Bait_ForBacktracking_CostsBoundedTime()
    {
        var detector = Detector("""{ "Bait": { "html": "(a+)+$" }, "Lookahead": { "html": "^(?=(a+)+b)a" } }""");
        var clock = Stopwatch.StartNew();

        detector.Detect(new PageEvidence { Html = new string('a', 200_000) + "!" }).ShouldBeEmpty();

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private static TechnologyDetector Detector(string json) => new(JsonDocument.Parse(json).RootElement);

    private static List<JsonElement> Vectors() =>
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "wappalyzer-vectors.json"))).RootElement.GetProperty("cases").EnumerateArray()];

    private static PageEvidence Evidence(JsonElement vector)
    {
        Dictionary<string, string[]> Map(string name) => vector.GetProperty(name).EnumerateObject().ToDictionary(h => h.Name, h => h.Value.EnumerateArray().Select(v => v.GetString()!).ToArray());
        return new PageEvidence
        {
            Url = vector.GetProperty("url").GetString()!,
            Html = vector.GetProperty("html").GetString()!,
            Headers = Map("headers"),
            Meta = Map("meta"),
            ScriptSources = [.. vector.GetProperty("scriptSrc").EnumerateArray().Select(s => s.GetString()!)],
            Cookies = Map("cookies").ToDictionary(c => c.Key, c => c.Value[0]),
        };
    }
}
