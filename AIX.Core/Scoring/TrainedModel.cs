using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Models;
using AIX.Core.Scoring.Numerics;
using AIX.Core.Scoring.Training;

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

    /// <summary>Calibrated log-odds of every row.</summary>
    public void Predict(DataTable table, Span<double> logits) => Predict(new EncodedRows(_schema, table), logits);

    /// <summary>Scores with 95 % intervals.</summary>
    public ScoreResult[] Score(DataTable table)
    {
        var rows = new EncodedRows(_schema, table);
        var logits = new double[table.Rows];
        Predict(rows, logits);
        var (low, high) = _result.Interval.Bounds(rows, logits);
        var scores = new ScoreResult[table.Rows];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = new ScoreResult(logits[i], Logistic.Sigmoid(logits[i]), Logistic.Sigmoid(low[i]), Logistic.Sigmoid(high[i]));
        }

        return scores;
    }

    private void Predict(EncodedRows rows, Span<double> logits)
    {
        _result.Model.Predict(rows, logits);
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = Math.Clamp(_result.Calibrator.Map(logits[i]), -Logistic.MaxLogit, Logistic.MaxLogit);
        }
    }
}
