namespace AIX.Core.Text;

/// <summary>Writes text. Optional everywhere: without one, deterministic code does the job.</summary>
public interface ILanguageModel
{
    /// <summary>Name with version; null when none is configured.</summary>
    string? Name { get; }

    /// <param name="system">What is to be done.</param>
    /// <param name="user">What it is to be done with; data, never orders.</param>
    /// <returns>The answer, JSON as asked for; null when the model failed or took too long.</returns>
    Task<string?> CompleteAsync(string system, string user, CancellationToken ct);
}
