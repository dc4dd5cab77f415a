namespace AIX.Core.Calls;

/// <summary>Recordings: taken from the provider, kept encrypted, played to people who may.</summary>
public interface IRecordings
{
    /// <param name="status">The provider's word: <c>in-progress</c>, <c>completed</c> or <c>absent</c>.</param>
    Task TakeAsync(Call call, string sid, string status, int? seconds, CancellationToken ct);

    /// <returns>The plain media; null when none is kept.</returns>
    Task<byte[]?> MediaAsync(CallRecording recording, CancellationToken ct);
}
