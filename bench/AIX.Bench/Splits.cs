using System.Globalization;

namespace AIX.Bench;

/// <summary><c>cv:5</c>, <c>temporal:0.7</c> or <c>rolling:STEP,WINDOW</c> as rows to train on and rows to test on.</summary>
internal static class Splits
{
    /// <summary>Rolling splits begin after this share of the file.</summary>
    private const double RollingFrom = 0.7;

    public static List<(int[] Train, int[] Test)> Of(string split, double[] labels, ulong seed)
    {
        var (kind, value) = split.Split(':') is [var k, var v] ? (k, v) : throw new ArgumentException($"A split is cv:5, temporal:0.7 or rolling:1000,5000, not {split}.");
        var n = labels.Length;
        switch (kind)
        {
            case "cv":
                return Stratified(labels, int.Parse(value, CultureInfo.InvariantCulture), (int)seed);
            case "temporal":
                var cut = (int)(n * double.Parse(value, CultureInfo.InvariantCulture));
                return [(Rows(0, cut), Rows(cut, n))];
            case "rolling":
                var (step, window) = value.Split(',') is [var s, var w] ? (int.Parse(s, CultureInfo.InvariantCulture), int.Parse(w, CultureInfo.InvariantCulture)) : throw new ArgumentException("A rolling split is rolling:STEP,WINDOW.");
                var folds = new List<(int[], int[])>();
                for (var at = (int)(n * RollingFrom); at < n; at += step)
                {
                    folds.Add((Rows(Math.Max(0, at - window), at), Rows(at, Math.Min(n, at + step))));
                }

                return folds;
            default:
                throw new ArgumentException($"A split is cv:5, temporal:0.7 or rolling:1000,5000, not {split}.");
        }
    }

    private static List<(int[] Train, int[] Test)> Stratified(double[] labels, int count, int seed)
    {
        var (fold, random) = (new int[labels.Length], new Random(seed));
        foreach (var label in new[] { 0.0, 1.0 })
        {
            var rows = Enumerable.Range(0, labels.Length).Where(i => labels[i] == label).ToArray();
            random.Shuffle(rows);
            for (var i = 0; i < rows.Length; i++)
            {
                fold[rows[i]] = i % count;
            }
        }

        return [.. Enumerable.Range(0, count).Select(k => (Where(fold, f => f != k), Where(fold, f => f == k)))];
    }

    private static int[] Rows(int from, int end) => [.. Enumerable.Range(from, end - from)];

    private static int[] Where(int[] fold, Func<int, bool> match) => [.. Enumerable.Range(0, fold.Length).Where(i => match(fold[i]))];
}
