using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>What a person does to one lead: notes, tasks, tags, owner, contact. Every act can be taken back.</summary>
public sealed class WorkLead(ILeadWorkStore store, IEnumerable<ICallbackWatcher> watchers, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    private const int MaxTag = 40;

    /// <param name="isTouch">Somebody reached out: the speed-to-lead clock stops, and the last touch is now.</param>
    public Task<Result<Guid>> NoteAsync(TenantId tenant, Actor actor, Guid lead, string? text, bool isTouch, CancellationToken ct)
    {
        if (FreeText.Check(text, "text") is { } tooLong)
        {
            return Task.FromResult<Result<Guid>>(tooLong);
        }

        if (FreeText.Clean(text) is not { } clean)
        {
            return Task.FromResult<Result<Guid>>(new Error(ErrorKind.Invalid, "empty-note", "Write something first.", "text"));
        }

        return OnLeadAsync(tenant, actor, lead, "note.added", async (work, now) =>
        {
            var note = new LeadNote { TenantId = tenant, Id = Guid.CreateVersion7(now), LeadId = lead, AuthorId = actor.Id, Text = clean, IsTouch = isTouch, At = now };
            await store.AddNoteAsync(work, note, ct);
            if (isTouch)
            {
                await store.TouchAsync(work, lead, now, ct);
            }

            return note.Id;
        }, ct);
    }

    public async Task<Result<Guid>> RemoveNoteAsync(TenantId tenant, Actor actor, Guid note, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.RemoveNoteAsync(work, note, ct) is not { } lead)
        {
            return new Error(ErrorKind.NotFound, "unknown-note", "There is no such note.");
        }

        return await DoneAsync(work, actor, lead, "note.removed", lead, ct);
    }

    public Task<Result<Guid>> AddTaskAsync(TenantId tenant, Actor actor, Guid lead, TaskKind kind, string? title, DateTimeOffset due, Guid? owner, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (FreeText.Clean(title) is not { Length: <= 200 } words)
        {
            return Task.FromResult<Result<Guid>>(new Error(ErrorKind.Invalid, "invalid-title", "Say in 1 to 200 characters what is to be done.", "title"));
        }

        if (CheckDue(due, now) is { } wrong)
        {
            return Task.FromResult<Result<Guid>>(wrong);
        }

        return OnLeadAsync(tenant, actor, lead, "task.added", async (work, at) =>
        {
            var task = new LeadTask { TenantId = tenant, Id = Guid.CreateVersion7(at), LeadId = lead, Kind = kind, Title = words, DueAt = due, OwnerId = owner ?? actor.Id, CreatedBy = actor.Id, CreatedAt = at };
            await store.AddTaskAsync(work, task, ct);
            if (task.OwnerId is { } other && other != actor.Id)
            {
                work.Tell(new Notice(other, "taskGiven", lead, words));
            }

            return task.Id;
        }, ct);
    }

    /// <summary>Puts a task off, or brings it forward. A callback that a campaign has agreed on moves with it.</summary>
    /// <returns>When it was due before.</returns>
    public async Task<Result<DateTimeOffset>> MoveTaskAsync(TenantId tenant, Actor actor, Guid task, DateTimeOffset due, CancellationToken ct)
    {
        if (CheckDue(due, time.GetUtcNow()) is { } wrong)
        {
            return wrong;
        }

        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.MoveTaskAsync(work, task, due, ct) is not { } before)
        {
            return new Error(ErrorKind.NotFound, "unknown-task", "There is no such task, or it is done already.");
        }

        if (before.Kind == TaskKind.Callback)
        {
            foreach (var watcher in watchers)
            {
                watcher.Moved(work, before.LeadId, due);
            }
        }

        await DoneAsync(work, actor, before.LeadId, "task.moved", task, ct);
        return before.DueAt;
    }

    /// <summary>Done, or open again. Doing a call or an e-mail is reaching out.</summary>
    public async Task<Result<Guid>> SetDoneAsync(TenantId tenant, Actor actor, Guid task, bool done, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.SetDoneAsync(work, task, done ? now : null, ct) is not { } changed)
        {
            return new Error(ErrorKind.NotFound, "unknown-task", "There is no such task.");
        }

        if (done && changed.Kind != TaskKind.Task)
        {
            await store.TouchAsync(work, changed.LeadId, now, ct);
        }

        if (changed.Kind == TaskKind.Callback)
        {
            foreach (var watcher in watchers)
            {
                watcher.Settled(work, changed.LeadId, done);
            }
        }

        return await DoneAsync(work, actor, changed.LeadId, done ? "task.done" : "task.reopened", changed.LeadId, ct);
    }

    public Task<Result<Guid>> TagAsync(TenantId tenant, Actor actor, Guid lead, string? tag, bool on, CancellationToken ct)
    {
        var checkedTag = CheckTag(tag);
        return checkedTag.IsOk
            ? OnLeadAsync(tenant, actor, lead, on ? "tag.added" : "tag.removed", async (work, _) =>
            {
                await store.SetTagAsync(work, [lead], checkedTag.Value, on, ct);
                return lead;
            }, ct)
            : Task.FromResult<Result<Guid>>(checkedTag.Error);
    }

    /// <param name="owner">Null takes the lead from whoever has it.</param>
    public Task<Result<Guid>> AssignAsync(TenantId tenant, Actor actor, Guid lead, Guid? owner, CancellationToken ct) => OnLeadAsync(tenant, actor, lead, "lead.assigned", async (work, now) =>
    {
        await store.AssignAsync(work, [lead], owner, now, ct);
        if (owner is { } other && other != actor.Id)
        {
            work.Tell(new Notice(other, "assigned", lead));
        }

        return lead;
    }, ct);

    private static Error? CheckDue(DateTimeOffset due, DateTimeOffset now) => due < now.AddDays(-1) || due > now.AddYears(5)
        ? new Error(ErrorKind.Invalid, "invalid-due", "The task is due at a time that lies in the past or more than five years ahead.", "due")
        : null;

    /// <summary>A tag as it is stored: one line of 1 to 40 characters.</summary>
    public static Result<string> CheckTag(string? tag) =>
        FreeText.Clean(tag) is { Length: <= MaxTag } clean && !clean.Contains('\n', StringComparison.Ordinal) ? clean : new Error(ErrorKind.Invalid, "invalid-tag", $"A tag is one line of 1 to {MaxTag} characters.", "tag");

    private async Task<Result<Guid>> OnLeadAsync(TenantId tenant, Actor actor, Guid lead, string action, Func<IUnitOfWork, DateTimeOffset, Task<Guid>> act, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LockAsync(work, lead, ct) is null)
        {
            return new Error(ErrorKind.NotFound, "unknown-lead", "There is no such lead; it may have been deleted or merged.");
        }

        return await DoneAsync(work, actor, lead, action, await act(work, time.GetUtcNow()), ct);
    }

    private async Task<Result<Guid>> DoneAsync(IUnitOfWork work, Actor actor, Guid lead, string action, Guid result, CancellationToken ct)
    {
        work.Raise(new LeadsTouched(work.TenantId, [lead]));
        await work.CommitAsync(ct);
        await audit.AppendAsync(work.TenantId, actor, action, new { lead, result }, ct);
        return result;
    }
}
