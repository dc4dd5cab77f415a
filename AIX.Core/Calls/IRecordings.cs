namespace AIX.Core.Calls;

/// <summary>Recordings: taken from the provider, kept encrypted, played to people who may.</summary>
public interface IRecordings
{
    /// <summary>Writes down what the provider says about a recording; nothing is fetched.</summary>
    /// <param name="status">The provider's word: <c>in-progress</c>, <c>completed</c> or <c>absent</c>.</param>
    Task NoteAsync(Call call, string sid, string status, int? seconds, CancellationToken ct);

    /// <summary>Fetches, hashes and encrypts a finished recording, then deletes it at the provider; one that was refused is deleted there unheard.</summary>
    Task TakeAsync(Call call, string sid, string status, int? seconds, CancellationToken ct);

    /// <returns>The plain media; null when none is kept.</returns>
    Task<byte[]?> MediaAsync(CallRecording recording, CancellationToken ct);
}
