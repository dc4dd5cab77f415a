using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Review;

/// <summary>A person wants another pair of eyes on leads.</summary>
public sealed class SendToReview(IReviewStore store, ITenantStore tenants, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    public async Task<Result<int>> ExecuteAsync(TenantId tenant, Actor actor, IReadOnlyCollection<Guid> leads, string? note, CancellationToken ct)
    {
        if (FreeText.Check(note, "note", 500) is { } error)
        {
            return error;
        }

        var now = time.GetUtcNow();
        var settings = (await tenants.GetAsync(tenant, ct)).Settings;
        await using var work = await works.BeginAsync(tenant, ct);
        var sent = await store.SendAsync(work, leads, actor.Id, FreeText.Clean(note), settings.DealValue, settings.DayOf(now), now, ct);
        if (sent.Count == 0)
        {
            return new Error(ErrorKind.NotFound, "unknown-lead", "There is no such lead, or it is won or lost already.");
        }

        work.Raise(new ReviewChanged(tenant, sent));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "review.sent", new { leads = sent.Count }, ct);
        return sent.Count;
    }
}
