using AIX.Core.Scoring.Features;

namespace AIX.Core.Scoring.Models;

/// <summary>A kind of model with its options. Fitting is a pure function of data and seed.</summary>
internal interface IModelFamily
{
    /// <summary>Stable name: <c>logistic</c>, <c>boosting</c> …</summary>
    string Name { get; }

    /// <summary>Fits to rows that hold both labels.</summary>
    /// <param name="parallel">Whether it may use a second core.</param>
    IModel Fit(LabelledRows data, ulong seed, bool parallel);
}

/// <summary>A fitted model: immutable and thread-safe.</summary>
internal interface IModel
{
    /// <summary>Log-odds of every row, each finite.</summary>
    void Predict(EncodedRows rows, Span<double> logits);

    /// <summary>Where the logit of the only row comes from.</summary>
    Attribution Explain(EncodedRows row);
}
