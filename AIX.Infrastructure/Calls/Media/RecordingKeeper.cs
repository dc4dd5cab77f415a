using System.Security.Cryptography;
using AIX.Core.Calls;
using AIX.Core.Shared;

namespace AIX.Infrastructure.Calls.Media;

/// <summary>Fetches a finished recording, keeps it encrypted with its hash, and deletes it at the provider; one that was refused is deleted there and never fetched.</summary>
internal sealed class RecordingKeeper(ICallStore store, ITelephony telephony, IBlobStore blobs, IUnitOfWorkFactory works, TimeProvider time) : IRecordings
{
    public Task NoteAsync(Call call, string sid, string status, int? seconds, CancellationToken ct) =>
        SaveAsync(new CallRecording { TenantId = call.TenantId, CallId = call.Id, Sid = sid, Status = status, DurationSeconds = seconds, At = time.GetUtcNow() }, ct);

    public async Task TakeAsync(Call call, string sid, string status, int? seconds, CancellationToken ct)
    {
        var recording = new CallRecording { TenantId = call.TenantId, CallId = call.Id, Sid = sid, Status = status, DurationSeconds = seconds, At = time.GetUtcNow() };
        if (status != "completed")
        {
            return;
        }

        string? key = null, hash = null;
        if (!call.RecordingRefused)
        {
            key = $"{call.TenantId.Value}/{call.Id}";
            hash = await KeepAsync(call.Route, sid, key, ct);
            await SaveAsync(new CallRecording { TenantId = call.TenantId, CallId = call.Id, Sid = sid, Status = status, DurationSeconds = seconds, BlobKey = key, Sha256 = hash, At = recording.At }, ct);
        }

        await telephony.DeleteRecordingAsync(call.Route, sid, ct);
        await SaveAsync(new CallRecording { TenantId = call.TenantId, CallId = call.Id, Sid = sid, Status = status, DurationSeconds = seconds, BlobKey = key, Sha256 = hash, DeletedAtProvider = time.GetUtcNow(), At = recording.At }, ct);
    }

    /// <summary>From the provider to the store in pieces; nothing holds the whole.</summary>
    /// <returns>SHA-256 of the plain media, lower-case hex.</returns>
    private async Task<string> KeepAsync(string route, string sid, string key, CancellationToken ct)
    {
        using var sha = SHA256.Create();
        await telephony.FetchRecordingAsync(
            route, sid,
            async (media, token) =>
            {
                await using var hashing = new CryptoStream(media, sha, CryptoStreamMode.Read);
                await blobs.PutAsync(key, hashing, token);
            },
            ct);
        return Convert.ToHexStringLower(sha.Hash!);
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
