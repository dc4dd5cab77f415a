namespace AIX.Core.Scoring.Training;

/// <summary>Finds weights of a blend of logits by greedy forward selection with replacement (Caruana et al. 2004): each step adds the member that lowers the mean of the loss most.</summary>
internal static class Blending
{
    private const int Steps = 25;

    /// <returns>Weights that sum to 1, one per member.</returns>
    public static double[] Weights(IReadOnlyList<double[]> members, JudgedRows rows, Func<int, bool> include)
    {
        var at = Enumerable.Range(0, rows.Rows.Length).Where(include).ToArray();
        var (sum, counts, chosen) = (new double[at.Length], new int[members.Count], 0);
        var reached = double.PositiveInfinity;
        for (var step = 1; step <= Steps; step++)
        {
            var (best, loss) = (-1, double.PositiveInfinity);
            for (var m = 0; m < members.Count; m++)
            {
                var tried = 0.0;
                for (var i = 0; i < at.Length; i++)
                {
                    tried += rows.Weights[at[i]] * Numerics.Logistic.Loss((sum[i] + members[m][at[i]]) / step, rows.Labels[at[i]]);
                }

                (best, loss) = tried < loss ? (m, tried) : (best, loss);
            }

            // A step may stand still (a member again), never fall back by more than rounding.
            if (loss > reached * 1.0005)
            {
                break;
            }

            reached = Math.Min(reached, loss);
            counts[best]++;
            chosen++;
            for (var i = 0; i < at.Length; i++)
            {
                sum[i] += members[best][at[i]];
            }
        }

        return Array.ConvertAll(counts, c => (double)c / chosen);
    }

    /// <summary>Out-of-fold logits of the blend, each fold with weights found on the others.</summary>
    public static double[] CrossFitted(IReadOnlyList<double[]> members, JudgedRows rows)
    {
        var blended = new double[rows.Rows.Length];
        var folds = rows.FoldOf.Max() + 1;
        for (var fold = 0; fold < folds; fold++)
        {
            var weights = Weights(members, rows, i => folds == 1 || rows.FoldOf[i] != fold);
            for (var i = 0; i < blended.Length; i++)
            {
                if (rows.FoldOf[i] == fold)
                {
                    blended[i] = members.Select((m, k) => weights[k] * m[i]).Sum();
                }
            }
        }

        return blended;
    }
}
