using AIX.Core.Scoring.Models;
using AIX.Core.Scoring.Numerics;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

public class NetworkTests
{
    /// <summary>Back-propagation (61)–(64) against central differences.</summary>
    [Fact]
    public void Gradient_AgreesWithFiniteDifferences()
    {
        var rng = new Rng(8);
        var net = NetworkWeights.Random(16, 6, 4, rng);
        var x = new DesignMatrix(1, 10);
        for (var j = 0; j < 10; j++)
        {
            x.Row(0)[j] = (float)rng.NextNormal();
        }

        var pass = new NetworkPass(net, 0.1);
        double Loss() => Logistic.Loss(pass.Forward(x, 0, null), 1);
        var gradient = new float[net.Values.Length];
        pass.Backward(x, 0, (float)(Logistic.Sigmoid(pass.Forward(x, 0, null)) - 1), gradient);

        for (var k = 0; k < net.Values.Length; k++)
        {
            var kept = net.Values[k];
            net.Values[k] = kept + 1e-3f;
            var up = Loss();
            net.Values[k] = kept - 1e-3f;
            var down = Loss();
            net.Values[k] = kept;
            ((up - down) / 2e-3).ShouldBe(gradient[k], 2e-3);
        }
    }

    [Fact]
    public void MonteCarloDropout_SpreadsMoreWithMoreDropout()
    {
        var (table, labels, _) = SyntheticData.Mixed(800, 3);
        var data = SyntheticData.Encoded(table, labels);
        double Spread(double dropout)
        {
            var model = (NetworkModel)new NetworkFamily("n", new NetworkOptions { Dropout = dropout, MaxEpochs = 10 }).Fit(data, 1, false);
            var passes = model.MonteCarlo(data.Rows, 40, 1);
            passes.ShouldAllBe(p => p.Mean > 0 && p.Mean < 1 && double.IsFinite(p.Sd));
            return passes.Average(p => p.Sd);
        }

        Spread(0.4).ShouldBeGreaterThan(1.5 * Spread(0.05));
    }
}
