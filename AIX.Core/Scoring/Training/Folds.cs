using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Training;

/// <summary>Rows to fit on and rows to judge by.</summary>
internal sealed record Fold(int[] Train, int[] Test);

internal static class Folds
{
    /// <summary>Blocks of time begin after this share of the rows.</summary>
    private const double FirstCut = 0.5;

    /// <summary>Forward in time where rows have an order; stratified where they have none, or where a label is missing for so long that fewer than two blocks could be judged.</summary>
    public static Fold[] Of(double[] labels, int count, bool timeOrdered, ulong seed) => timeOrdered && Forward(labels, count) is { Length: > 1 } blocks ? blocks : Stratified(labels, count, seed);

    /// <summary>Each fold has its share of both labels.</summary>
    public static Fold[] Stratified(double[] labels, int count, ulong seed)
    {
        var (fold, rng) = (new int[labels.Length], new Rng(seed));
        var next = 0;
        foreach (var label in new[] { 1.0, 0.0 })
        {
            var rows = Enumerable.Range(0, labels.Length).Where(i => labels[i] > 0.5 == label > 0.5).ToArray();
            rng.Shuffle(rows);
            foreach (var row in rows)
            {
                fold[row] = next++ % count;
            }
        }

        return [.. Enumerable.Range(0, count).Select(k => new Fold(Where(fold, f => f != k), Where(fold, f => f == k)))];
    }

    /// <summary>Expanding windows: fit on everything before a block, judge by the block. Blocks before which one label is missing are left out.</summary>
    public static Fold[] Forward(double[] labels, int count)
    {
        var n = labels.Length;
        var cuts = Enumerable.Range(0, count + 1).Select(k => (int)(n * (FirstCut + (1 - FirstCut) * k / count))).ToArray();
        return [.. Enumerable.Range(0, count)
            .Where(k => cuts[k + 1] > cuts[k] && labels.Take(cuts[k]).Sum() >= 3 && cuts[k] - labels.Take(cuts[k]).Sum() >= 3)
            .Select(k => new Fold([.. Enumerable.Range(0, cuts[k])], [.. Enumerable.Range(cuts[k], cuts[k + 1] - cuts[k])]))];
    }

    private static int[] Where(int[] fold, Func<int, bool> match) => [.. Enumerable.Range(0, fold.Length).Where(i => match(fold[i]))];
}
