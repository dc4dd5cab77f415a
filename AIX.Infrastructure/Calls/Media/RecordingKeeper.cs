using System.Security.Cryptography;
using AIX.Core.Calls;
using AIX.Core.Shared;

namespace AIX.Infrastructure.Calls.Media;

/// <summary>Fetches a finished recording, keeps it encrypted with its hash, and deletes it at the provider; one that was refused is deleted there and never fetched.</summary>
internal sealed class RecordingKeeper(ICallStore store, ITelephony telephony, IBlobStore blobs, IUnitOfWorkFactory works, TimeProvider time) : IRecordings
{
    private static readonly TimeSpan Appears = TimeSpan.FromHours(1);

    public Task NoteAsync(Call call, string sid, string status, int? seconds, CancellationToken ct) =>
        SaveAsync(new CallRecording { TenantId = call.TenantId, CallId = call.Id, Sid = sid, Status = status, DurationSeconds = seconds, At = time.GetUtcNow() }, ct);

    public async Task TakeAsync(Call call, string sid, string status, int? seconds, CancellationToken ct)
    {
        if (status != "completed")
        {
            return;
        }

        var now = time.GetUtcNow();
        CallRecording Row(string? key, string? hash, DateTimeOffset? deleted) => new() { TenantId = call.TenantId, CallId = call.Id, Sid = sid, Status = status, DurationSeconds = seconds, BlobKey = key, Sha256 = hash, DeletedAtProvider = deleted, At = now };
        string? key = null, hash = null;
        if (!call.RecordingRefused)
        {
            key = $"{call.TenantId.Value}/{call.Id}";
            hash = await KeepAsync(call.Route, sid, key, ct);
            if (hash is null)
            {
                // The word of media may be ahead of them; what is not there an hour later was deleted by somebody else, and is not asked for again.
                if (now - (call.EndedAt ?? call.CreatedAt) > Appears)
                {
                    await SaveAsync(Row(null, null, now), ct);
                }

                return;
            }

            await SaveAsync(Row(key, hash, null), ct);
        }

        await telephony.DeleteRecordingAsync(call.Route, sid, ct);
        await SaveAsync(Row(key, hash, time.GetUtcNow()), ct);
    }

    /// <summary>From the provider to the store in pieces; nothing holds the whole.</summary>
    /// <returns>SHA-256 of the plain media, lower-case hex; null when the provider does not have them.</returns>
    private async Task<string?> KeepAsync(string route, string sid, string key, CancellationToken ct)
    {
        using var sha = SHA256.Create();
        var found = await telephony.FetchRecordingAsync(
            route, sid,
            async (media, token) =>
            {
                await using var hashing = new CryptoStream(media, sha, CryptoStreamMode.Read);
                await blobs.PutAsync(key, hashing, token);
            },
            ct);
        return found ? Convert.ToHexStringLower(sha.Hash!) : null;
    }

    public async Task<byte[]?> MediaAsync(CallRecording recording, CancellationToken ct) => recording.BlobKey is { } key ? await blobs.GetAsync(key, ct) : null;

    private async Task SaveAsync(CallRecording recording, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(recording.TenantId, ct);
        await store.SaveRecordingAsync(work, recording, ct);
        work.Raise(new CallChanged(recording.TenantId, recording.CallId, default));
        await work.CommitAsync(ct);
    }
}
