namespace AIX.Core.Scoring;

/// <summary>How a family did on rows that it had not seen.</summary>
/// <param name="LogLoss">Mean cross-entropy per unit of weight, nats.</param>
/// <param name="Behind">Its loss minus that of the family kept; negative when better.</param>
/// <param name="Error">Standard error of that difference.</param>
public sealed record CandidateReport(string Name, double LogLoss, double Auc, double Behind, double Error);
