namespace AIX.Core.Conversations.Intents;

/// <summary>Temperature scaling: probabilities are softmax(scores / T), T &gt; 0 chosen by the likelihood of texts that were held out.</summary>
internal static class Temperature
{
    public static double[] Softmax(float[] scores, int classes, double temperature)
    {
        var p = new double[classes];
        var most = double.MinValue;
        for (var i = 0; i < classes; i++)
        {
            most = Math.Max(most, scores[i]);
        }

        var sum = 0.0;
        for (var i = 0; i < classes; i++)
        {
            sum += p[i] = Math.Exp((scores[i] - most) / temperature);
        }

        for (var i = 0; i < classes; i++)
        {
            p[i] /= sum;
        }

        return p;
    }

    /// <summary>Golden-section search over ln T in [−2, 2]; the likelihood has one peak there.</summary>
    public static double Fit(List<float[]> scores, List<int> truth, int classes)
    {
        double Loss(double log)
        {
            var sum = 0.0;
            for (var i = 0; i < scores.Count; i++)
            {
                sum -= truth[i] < 0 ? 0 : Math.Log(Math.Max(1e-12, Softmax(scores[i], classes, Math.Exp(log))[truth[i]]));
            }

            return sum;
        }

        const double Golden = 0.6180339887498949;
        var (low, high) = (-2.0, 2.0);
        for (var i = 0; i < 30; i++)
        {
            var (a, b) = (high - (Golden * (high - low)), low + (Golden * (high - low)));
            if (Loss(a) < Loss(b))
            {
                high = b;
            }
            else
            {
                low = a;
            }
        }

        return Math.Exp((low + high) / 2);
    }
}
