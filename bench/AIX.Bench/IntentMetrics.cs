namespace AIX.Bench;

internal static class IntentMetrics
{
    public static double Accuracy(IReadOnlyList<string> truth, IReadOnlyList<string> said) => truth.Zip(said).Count(p => p.First == p.Second) / (double)Math.Max(1, truth.Count);

    /// <summary>Mean of F1 over the labels that occur in the truth.</summary>
    public static double MacroF1(IReadOnlyList<string> truth, IReadOnlyList<string> said) => truth.Distinct().Average(label =>
    {
        var right = truth.Zip(said).Count(p => p.First == label && p.Second == label);
        return 2.0 * right / Math.Max(1, truth.Count(t => t == label) + said.Count(s => s == label));
    });

    /// <summary>Matthews correlation for many classes (Gorodkin 2004).</summary>
    public static double Mcc(IReadOnlyList<string> truth, IReadOnlyList<string> said)
    {
        double n = truth.Count, right = truth.Zip(said).Count(p => p.First == p.Second);
        var labels = truth.Concat(said).Distinct().ToList();
        var t = labels.ConvertAll(l => (double)truth.Count(x => x == l));
        var p = labels.ConvertAll(l => (double)said.Count(x => x == l));
        var both = t.Zip(p).Sum(x => x.First * x.Second);
        var root = Math.Sqrt(((n * n) - p.Sum(x => x * x)) * ((n * n) - t.Sum(x => x * x)));
        return root > 0 ? ((right * n) - both) / root : 0;
    }

    /// <summary>Chance that a positive ranks above a negative, ties half; null without either.</summary>
    public static double? Auroc(IReadOnlyList<bool> positive, IReadOnlyList<double> score)
    {
        var order = Enumerable.Range(0, score.Count).OrderBy(i => score[i]).ToList();
        double ranks = 0, pos = positive.Count(p => p), neg = positive.Count - pos;
        for (var i = 0; i < order.Count;)
        {
            var j = i;
            while (j < order.Count && score[order[j]] == score[order[i]])
            {
                j++;
            }

            ranks += order[i..j].Count(k => positive[k]) * ((i + j + 1) / 2.0);
            i = j;
        }

        return pos == 0 || neg == 0 ? null : (ranks - (pos * (pos + 1) / 2)) / (pos * neg);
    }
}
