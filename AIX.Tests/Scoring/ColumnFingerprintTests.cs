using AIX.Core.Scoring;
using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Numerics;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

public class ColumnFingerprintTests
{
    /// <summary>Prevents: a feature left out as "the same values as" another that it does not resemble; 200 columns of 0 and 1 are 19,900 pairs.</summary>
    [Fact]
    public void Fit_ManyFlags_TakesNoneForAnother()
    {
        var rng = new Rng(5);
        var flags = Enumerable.Range(0, 200).Select(k => new NumberColumn($"flag{k}", [.. Enumerable.Range(0, 300).Select(_ => (double)rng.Next(2))])).ToArray();

        SchemaFitter.Fit(new DataTable(flags, 300), 5).Dropped.ShouldBeEmpty();
    }

    [Fact]
    public void Fit_AColumnThatRepeatsAnother_NamesIt()
    {
        int[] codes = [.. Enumerable.Range(0, 60).Select(i => i % 3)];
        Column[] columns =
        [
            new TextColumn("tier", codes, ["Gold", "Silver", "Bronze"]),
            new TextColumn("rank", [.. codes.Select(c => 2 - c)], ["Bronze", "Silver", "Gold"]),
            new ListColumn("uses", [.. codes.Select(c => new[] { c })], ["a", "b", "c"]),
            new ListColumn("also", [.. codes.Select(c => new[] { c })], ["a", "b", "d"]),
        ];

        var dropped = SchemaFitter.Fit(new DataTable(columns, 60), 5).Dropped;

        dropped.ShouldHaveSingleItem().ShouldBe(new DroppedFeature("rank", "the same values as \"tier\""));
    }
}
