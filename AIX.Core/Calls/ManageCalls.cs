using AIX.Core.Auditing;
using AIX.Core.Conversations;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Calls;

/// <summary>What people do to calls that go on, to dialogues and to articles; each act is in the audit log.</summary>
public sealed class ManageCalls(ICallStore store, IDialogueStore dialogues, ITelephony telephony, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    public const int MaxAnswer = 1_000;

    public async Task<Result<bool>> EndAsync(TenantId tenant, Actor actor, Guid id, CancellationToken ct)
    {
        if (await store.FindAsync(tenant, id, ct) is not { } call)
        {
            return Unknown();
        }

        if (CallStates.IsEnd(call.State))
        {
            return new Error(ErrorKind.Conflict, "call-over", "The call is over already.");
        }

        if (call.ProviderSid is { } sid)
        {
            await telephony.HangUpAsync(call.Route, sid, call.State, ct);
        }

        await audit.AppendAsync(tenant, actor, "call.ended", new { id }, ct);
        return true;
    }

    /// <summary>Hands a call that goes on to a person.</summary>
    public async Task<Result<bool>> TakeOverAsync(TenantId tenant, Actor actor, Guid id, CancellationToken ct)
    {
        if (await store.FindAsync(tenant, id, ct) is not { } call)
        {
            return Unknown();
        }

        if (call is not { State: CallState.InProgress, ProviderSid: not null })
        {
            return new Error(ErrorKind.Conflict, "call-not-live", "Only a call that was answered and goes on can be taken over.");
        }

        await telephony.TransferAsync(call, ct);
        await using var work = await works.BeginAsync(tenant, ct);
        store.Change(work, id, new CallChange { Disposition = Disposition.Transferred }, time.GetUtcNow());
        work.Raise(new CallChanged(tenant, id, call.LeadId));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "call.taken-over", new { id }, ct);
        return true;
    }

    /// <returns>The new version.</returns>
    public async Task<Result<int>> SaveFlowAsync(TenantId tenant, Actor actor, DialogueFlow flow, CancellationToken ct)
    {
        if (FlowCheck.Check(flow) is [var first, ..])
        {
            return new Error(ErrorKind.Invalid, "flow-" + first.Code, first.Message, first.Node);
        }

        await using var work = await works.BeginAsync(tenant, ct);
        var version = await dialogues.SaveFlowAsync(work, flow, actor.Id, time.GetUtcNow(), ct);
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "flow.saved", new { flow.Key, version }, ct);
        return version;
    }

    public async Task<Result<Guid>> SaveArticleAsync(TenantId tenant, Actor actor, Guid? id, string language, string? title, string? answer, string? keys, CancellationToken ct)
    {
        Error? wrong = language is not ("en" or "hi") ? new Error(ErrorKind.Invalid, "invalid-language", "The language is en or hi.", "language")
            : FreeText.Clean(title) is not { Length: > 0 and <= 200 } ? new Error(ErrorKind.Invalid, "invalid-title", "The title has 1 to 200 characters.", "title")
            : FreeText.Clean(answer) is not { Length: > 0 and <= MaxAnswer } ? new Error(ErrorKind.Invalid, "invalid-answer", $"The answer has 1 to {MaxAnswer} characters: it is spoken.", "answer")
            : keys is { Length: > 500 } ? new Error(ErrorKind.Invalid, "invalid-keys", "The words it is found by have 500 characters at most.", "keys") : null;
        if (wrong is not null)
        {
            return wrong;
        }

        var now = time.GetUtcNow();
        var article = new KnowledgeArticle { TenantId = tenant, Id = id ?? Guid.CreateVersion7(now), Language = language, Title = FreeText.Clean(title)!, Answer = FreeText.Clean(answer)!, Keys = FreeText.Clean(keys) ?? "", UpdatedAt = now };
        await using var work = await works.BeginAsync(tenant, ct);
        await dialogues.SaveArticleAsync(work, article, ct);
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "article.saved", new { article.Id }, ct);
        return article.Id;
    }

    public async Task RemoveArticleAsync(TenantId tenant, Actor actor, Guid id, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        await dialogues.RemoveArticleAsync(work, id, ct);
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "article.removed", new { id }, ct);
    }

    private static Error Unknown() => new(ErrorKind.NotFound, "unknown-call", "There is no such call.");
}
