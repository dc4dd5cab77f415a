using AIX.Core.Scoring;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

public class SnapshotTests
{
    private static readonly Feature[] Features =
    [
        new("companySize", 0.75, "412", [Guid.CreateVersion7()]),
        new("industry", null, null, []),
        new("attr.Visits", 3, "3", [Guid.CreateVersion7()], FeatureKind.Number),
        new("attr.City ✓", null, "पुणे", [Guid.CreateVersion7(), Guid.CreateVersion7()], FeatureKind.Text),
        new("attr.Signed", 19_000.5, "2022-01-08", [], FeatureKind.Date),
        new("attr.Tags", null, "a\nb\na", [Guid.CreateVersion7()], FeatureKind.List),
    ];

    [Fact]
    public void Bytes_ComeBackAsTheyWere() => Prop.ForAll<NonNull<string>, double?, string?>((name, value, shown) =>
    {
        var feature = new Feature(Whole(name.Get), value, shown is null ? null : Whole(shown), [Guid.CreateVersion7(), Guid.Empty], FeatureKind.Text);

        var read = SnapshotCodec.Read(SnapshotCodec.Write([.. Features, feature]));

        return read.Count == Features.Length + 1 && read.Zip(Features.Append(feature)).All(p =>
            p.First.Name == p.Second.Name && Nullable.Equals(p.First.Value, p.Second.Value) && p.First.Shown == p.Second.Shown && p.First.Kind == p.Second.Kind && p.First.FactIds.SequenceEqual(p.Second.FactIds));
    }).QuickCheckThrowOnFailure();

    /// <summary>Text without halves of characters, which UTF-8 does not have.</summary>
    private static string Whole(string text) => new([.. text.Where(c => !char.IsSurrogate(c))]);

    /// <summary>Rows of before the first format.</summary>
    [Fact]
    public void Json_OfOlderRows_IsStillRead()
    {
        var json = """[{"name":"attr.Visits","value":3,"shown":"3","factIds":[],"kind":1},{"name":"lead.city","value":null,"shown":"Pune","factIds":[],"kind":2}]"""u8.ToArray();

        SnapshotCodec.Read(json).Select(f => (f.Name, f.Value, f.Shown, f.Kind)).ShouldBe([("attr.Visits", 3, "3", FeatureKind.Number), ("lead.city", null, "Pune", FeatureKind.Text)]);
        SnapshotCodec.Find(json, "lead.city")!.Shown.ShouldBe("Pune");
        ((TextColumn)FeatureTable.OfSnapshots([json], [0], ["lead.city"]).Find("lead.city")!).Levels.ShouldBe(["Pune"]);
    }

    [Fact]
    public void Find_ReadsOneFeature()
    {
        var bytes = SnapshotCodec.Write(Features);

        foreach (var feature in Features)
        {
            SnapshotCodec.Find(bytes, feature.Name)!.Shown.ShouldBe(feature.Shown);
        }

        SnapshotCodec.Find(bytes, "attr.nowhere").ShouldBeNull();
    }

    [Fact]
    public void Bytes_CutOffOrOfAnotherFormat_AreRefused()
    {
        var bytes = SnapshotCodec.Write(Features);

        for (var length = 2; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            try
            {
                SnapshotCodec.Read(cut).Count.ShouldBeLessThan(Features.Length);
            }
            catch (InvalidDataException)
            {
            }
        }

        Should.Throw<InvalidDataException>(() => SnapshotCodec.Read([9, .. bytes.AsSpan(1)])).Message.ShouldContain("format 9");
    }

    /// <summary>Two ways into the same columns: objects of a fresh scoring, bytes of a re-scoring.</summary>
    [Fact]
    public void Columns_AreTheSameFromObjectsAndFromBytes()
    {
        Feature[] mixed = [new("attr.Visits", null, "many", [], FeatureKind.Text), new("attr.City ✓", null, "Kochi", [], FeatureKind.Text)];
        IReadOnlyList<Feature>[] rows = [Features, mixed, []];
        var names = Features.Select(f => f.Name);

        var objects = FeatureTable.Of(rows, [1, 2, 3]);
        var bytes = FeatureTable.OfSnapshots([.. rows.Select(r => SnapshotCodec.Write(r))], [1, 2, 3], names);

        foreach (var name in names)
        {
            Describe(bytes.Find(name)!).ShouldBe(Describe(objects.Find(name)!), name);
        }

        Describe(bytes.Find("attr.Visits")!).ShouldBe("text 3|many|–");
        Describe(bytes.Find("attr.Tags")!).ShouldBe("list a+b|–|–");
        FeatureTable.OfSnapshots([SnapshotCodec.Write(Features)], [0], ["industry"]).Columns.ShouldHaveSingleItem().Name.ShouldBe("industry");
    }

    private static string Describe(Column column) => column switch
    {
        NumberColumn n => "number " + string.Join('|', n.Values.ToArray()),
        DateColumn d => "date " + string.Join('|', d.Days.ToArray()),
        TextColumn t => "text " + string.Join('|', t.Codes.ToArray().Select(c => c < 0 ? "–" : t.Levels[c])),
        ListColumn l => "list " + string.Join('|', l.Members.Select(m => m is null ? "–" : string.Join('+', m.Select(c => l.Levels[c])))),
        _ => throw new InvalidOperationException(),
    };
}
