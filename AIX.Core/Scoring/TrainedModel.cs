using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Models;
using AIX.Core.Scoring.Numerics;
using AIX.Core.Scoring.Storage;
using AIX.Core.Scoring.Training;
using AIX.Core.Shared;

namespace AIX.Core.Scoring;

/// <summary>A fitted scoring model: immutable, thread-safe, serialisable.</summary>
public sealed class TrainedModel
{
    private readonly FeatureSchema _schema;
    private readonly AutoResult _result;

    internal TrainedModel(FeatureSchema schema, AutoResult result, IReadOnlyList<Leak> leaks, int rows, double won)
    {
        _schema = schema;
        _result = result;
        Leaks = leaks;
        Rows = rows;
        Won = won;
    }

    /// <summary>Family kept.</summary>
    public string Family => _result.Chosen;

    public string Calibration => _result.Calibrator.Name;

    /// <summary>Half-life of an outcome's weight in rows; +∞ for none.</summary>
    public double HalfLife => _result.HalfLife;

    public IReadOnlyList<CandidateReport> Candidates => _result.Candidates;

    public IReadOnlyList<(string Name, double Weight)> Members => _result.Members;

    public IReadOnlyList<Leak> Leaks { get; }

    public IReadOnlyList<DroppedFeature> Dropped => _schema.Dropped;

    /// <summary>Outcomes that it learned from, and how many were won.</summary>
    public int Rows { get; }

    public double Won { get; }

    /// <summary>Features in use, in the order of <see cref="LogitParts.Features"/>.</summary>
    public IReadOnlyList<string> Features => [.. _schema.Features.Select(f => f.Name)];

    /// <summary>The attribute that each feature comes from: itself, or the free text that it was made of.</summary>
    public IReadOnlyList<string> Sources => [.. _schema.Features.Select(f => f.Source)];

    public string? UnitOf(int feature) => _schema.Features[feature].Unit;

    /// <summary>Weights of the named features in the linear part of the interval's posterior; those that the model does not use are left out.</summary>
    public IReadOnlyDictionary<string, SubScoreWeight> WeightsOf(IEnumerable<string> features)
    {
        var (posterior, owners) = (_result.Interval.Reference.Posterior, _schema.DesignOwners);
        var found = new Dictionary<string, SubScoreWeight>(StringComparer.Ordinal);
        foreach (var name in features)
        {
            var feature = _schema.Features.ToList().FindIndex(f => f.Name == name);
            var column = feature < 0 ? -1 : Array.IndexOf(owners, feature, 1);
            if (column > 0 && column < _result.Interval.Reference.Columns && posterior.Covariance is { } covariance)
            {
                found[name] = new SubScoreWeight(posterior.Mean[column], Math.Sqrt(covariance[column * posterior.Mean.Length + column]));
            }
        }

        return found;
    }

    public byte[] Save() => ModelFile.Write(_schema, _result, Leaks, Rows, Won);

    /// <returns>The model, or why these bytes are none that this program can use.</returns>
    public static Result<TrainedModel> Load(byte[] bytes) => ModelFile.Read(bytes);

    /// <summary>Where the score of one lead comes from; the parts add up to its logit.</summary>
    /// <param name="row">A table of one row.</param>
    public LogitParts Explain(DataTable row)
    {
        if (row.Rows != 1)
        {
            throw new ArgumentException($"A ledger is of one lead, not of {row.Rows}.", nameof(row));
        }

        var encoded = new EncodedRows(_schema, row);
        var parts = _result.Model.Explain(encoded);
        Span<double> raw = stackalloc double[1];
        _result.Model.Predict(encoded, raw);
        return new LogitParts(parts.Base, parts.Features, parts.Remainder, Calibrated(raw[0]) - raw[0]);
    }

    /// <summary>Calibrated log-odds of every row.</summary>
    public void Predict(DataTable table, Span<double> logits) => Predict(new EncodedRows(_schema, table), logits);

    /// <summary>Scores with 95 % intervals.</summary>
    public ScoreResult[] Score(DataTable table) => Score(new EncodedRows(_schema, table));

    /// <summary>Scores with, per row, the feature that moves it most, by the linear part of the interval's posterior: cheap enough for every lead; the ledger is exact.</summary>
    /// <returns>Attribute and log-odds of the loudest; null where every feature is at its average.</returns>
    public (ScoreResult[] Scores, (string Name, double Logit)?[] Loudest) ScoreWithLoudest(DataTable table)
    {
        var rows = new EncodedRows(_schema, table);
        return (Score(rows), Loudest(rows));
    }

    /// <summary>Attributes that one lead does not know, with the variance of the logit that each adds to its interval.</summary>
    /// <param name="row">A table of one row.</param>
    public IReadOnlyList<(string Name, double Variance)> Unknown(DataTable row)
    {
        var rows = new EncodedRows(_schema, row);
        return [.. _result.Interval.Unknown(rows, 0).GroupBy(u => _schema.Features[u.Feature].Source).Select(g => (g.Key, g.Sum(u => u.Variance)))];
    }

    /// <summary>How far recent leads have moved away, feature by feature.</summary>
    public IReadOnlyList<FeatureDrift> DriftOf(DataTable recent) => DriftMeter.Measure(_schema, recent);

    private ScoreResult[] Score(EncodedRows rows)
    {
        var predictions = new Predictions(rows);
        var logits = Array.ConvertAll(predictions.Of(_result.Model), Calibrated);
        var (low, high) = _result.Interval.Bounds(predictions, logits);
        var scores = new ScoreResult[rows.Rows];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = new ScoreResult(logits[i], Logistic.Sigmoid(logits[i]), Logistic.Sigmoid(low[i]), Logistic.Sigmoid(high[i]));
        }

        return scores;
    }

    private (string Name, double Logit)?[] Loudest(EncodedRows rows)
    {
        var (reference, owners) = (_result.Interval.Reference, _schema.DesignOwners);
        var (beta, sums, loudest) = (reference.Posterior.Mean, new double[_schema.Features.Count], new (string, double)?[rows.Rows]);
        for (var i = 0; i < rows.Rows; i++)
        {
            Array.Clear(sums);
            var x = rows.Design.Row(i);
            for (var j = 1; j < reference.Columns; j++)
            {
                sums[owners[j]] += beta[j] * x[j];
            }

            var best = System.Numerics.Tensors.TensorPrimitives.IndexOfMaxMagnitude<double>(sums);
            loudest[i] = sums[best] == 0 ? null : (_schema.Features[best].Source, sums[best]);
        }

        return loudest;
    }

    private void Predict(EncodedRows rows, Span<double> logits)
    {
        _result.Model.Predict(rows, logits);
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = Calibrated(logits[i]);
        }
    }

    private double Calibrated(double logit) => Math.Clamp(_result.Calibrator.Map(logit), -Logistic.MaxLogit, Logistic.MaxLogit);
}

/// <summary>The parts of a logit: Base + Σ Features + Remainder + Calibration.</summary>
/// <param name="Base">Log-odds of an average lead.</param>
/// <param name="Remainder">What no single feature can be given (interactions in a network).</param>
/// <param name="Calibration">The calibration's shift.</param>
public sealed record LogitParts(double Base, double[] Features, double Remainder, double Calibration)
{
    public double Logit => Base + Features.Sum() + Remainder + Calibration;
}
