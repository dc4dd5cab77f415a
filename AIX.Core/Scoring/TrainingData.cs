namespace AIX.Core.Scoring;

/// <summary>Leads with what became of them.</summary>
/// <param name="Table">One row per lead, as it was known when it was scored.</param>
/// <param name="Labels">1 for won, 0 for lost; one per row.</param>
/// <param name="Weights">Positive, 1 for an outcome; a reviewer's label may count less. Null: all 1.</param>
/// <param name="TimeOrdered">Rows stand in the order of time, and what is predicted lies after them. False: rows are exchangeable.</param>
public sealed record TrainingData(DataTable Table, double[] Labels, double[]? Weights = null, bool TimeOrdered = true);
