using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Models;

/// <summary>
/// Naive Bayes (92)–(94) over bins: logit = ln P(won)/P(lost) + Σ ln P(bin | won)/P(bin | lost). The ICP gives the class-conditional before data: a feature with
/// weight w has P(s | won) ∝ P(s)·e^{ws}, as if <paramref name="priorRows"/> leads had been seen; without a weight the prior is flat.
/// </summary>
internal sealed class NaiveBayesFamily(string name, IReadOnlyDictionary<string, double>? icpWeights = null, double priorRows = 10) : IModelFamily
{
    private const double Smoothing = 0.5;

    /// <summary>Numbers are read in this many quantile bins.</summary>
    private const int Coarse = 10;

    public string Name => name;

    public IModel Fit(LabelledRows data, ulong seed, bool parallel)
    {
        var (bins, schema) = (data.Rows.Bins, data.Rows.Schema);
        var counts = schema.BinCounts;
        var owners = schema.BinOwners;
        var tables = new double[counts.Length][];
        var won = data.Labels.Sum() + 0.5;
        var lost = data.Count - data.Labels.Sum() + 0.5;
        for (var c = 0; c < counts.Length; c++)
        {
            var spec = schema.Features[owners[c]];
            var coarse = CoarseOf(spec, counts[c]);
            var groups = coarse.Max() + 1;
            var (yes, no) = (new double[groups], new double[groups]);
            for (var i = 0; i < data.Count; i++)
            {
                var code = coarse[bins.Codes[i * bins.Columns + c]];
                yes[code] += data.Weights[i] * data.Labels[i];
                no[code] += data.Weights[i] * (1 - data.Labels[i]);
            }

            var tilt = Tilt(spec, coarse, groups);
            var (all, allYes, allNo) = (yes.Sum() + no.Sum(), yes.Sum(), no.Sum());
            tables[c] = new double[counts[c]];
            var ratio = new double[groups];
            for (var k = 0; k < groups; k++)
            {
                var share = (yes[k] + no[k] + Smoothing) / (all + Smoothing * groups);
                ratio[k] = Math.Log((yes[k] + priorRows * share * tilt[k]) / (allYes + priorRows)) - Math.Log((no[k] + priorRows * share) / (allNo + priorRows));
            }

            for (var code = 0; code < counts[c]; code++)
            {
                tables[c][code] = ratio[coarse[code]];
            }
        }

        return new NaiveBayesModel(Math.Log(won / lost), tables);
    }

    /// <summary>Group of each code: missing, then about ten groups of equal weight for a number; a category's own codes.</summary>
    private static int[] CoarseOf(FeatureSpec spec, int count)
    {
        var coarse = new int[count];
        var (sum, group) = (0.0, 0);
        for (var code = 1; code < count; code++)
        {
            if (spec is NumberSpec number && number.BinShares.Length > Coarse + 1)
            {
                if (code == 1 || sum >= group / (double)Coarse)
                {
                    group++;
                }

                sum += number.BinShares[code];
                coarse[code] = group;
            }
            else
            {
                coarse[code] = code;
            }
        }

        return coarse;
    }

    /// <summary>e^{ws} of each group, scaled to keep a probability; 1 without a weight.</summary>
    private double[] Tilt(FeatureSpec spec, int[] coarse, int groups)
    {
        var tilt = new double[groups];
        Array.Fill(tilt, 1);
        if (icpWeights?.GetValueOrDefault(spec.Name) is { } weight and not 0 && spec is NumberSpec { Edges.Length: > 0 } number)
        {
            var (sum, shares) = (new double[groups], new double[groups]);
            for (var code = 1; code < coarse.Length && code < number.BinShares.Length; code++)
            {
                var value = code == 1 ? number.Edges[0] : code > number.Edges.Length ? number.Edges[^1] : (number.Edges[code - 2] + number.Edges[code - 1]) / 2;
                sum[coarse[code]] += number.BinShares[code] * value;
                shares[coarse[code]] += number.BinShares[code];
            }

            var total = 0.0;
            for (var k = 1; k < groups; k++)
            {
                tilt[k] = shares[k] > 0 ? Math.Exp(weight * sum[k] / shares[k]) : 1;
                total += shares[k] * tilt[k];
            }

            for (var k = 1; k < groups && total > 0; k++)
            {
                tilt[k] *= shares.Sum() / total;
            }
        }

        return tilt;
    }
}

/// <summary>Log-likelihood ratio of each code of each column, on top of the prior odds.</summary>
internal sealed class NaiveBayesModel(double prior, double[][] tables) : IModel
{
    public double Prior => prior;

    public double[][] Tables => tables;

    public void Predict(EncodedRows rows, Span<double> logits)
    {
        var bins = rows.Bins;
        for (var i = 0; i < bins.Rows; i++)
        {
            var sum = prior;
            for (var c = 0; c < tables.Length; c++)
            {
                sum += tables[c][bins.Codes[i * bins.Columns + c]];
            }

            logits[i] = sum;
        }
    }

    public Attribution Explain(EncodedRows row)
    {
        var (owners, features) = (row.Schema.BinOwners, new double[row.Schema.Features.Count]);
        for (var c = 0; c < tables.Length; c++)
        {
            features[owners[c]] += tables[c][row.Bins.Codes[c]];
        }

        return new Attribution(prior, features, 0);
    }
}
