using AIX.Core.Auditing;
using AIX.Core.Leads.Intake;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>An outcome as somebody reports it.</summary>
public sealed record OutcomeReport(OutcomeResult Result, DateTimeOffset? OccurredAt, decimal? Amount = null, string? Currency = null, string? LostReason = null);

public interface IOutcomeStore
{
    /// <summary>Stores the outcome and ends the lead's life with it. A person's has to be a step that <see cref="LeadLifeCycle"/> knows; one from another system comes from any state.</summary>
    Task<Result<bool>> AddAsync(LeadOutcome outcome, TransitionOrigin origin, Guid? actor, CancellationToken ct);

    /// <summary>Takes an outcome back: the lead stands where it stood before.</summary>
    /// <returns>The lead; null when there is no such outcome.</returns>
    Task<Guid?> RemoveAsync(TenantId tenant, Guid outcome, DateTimeOffset now, CancellationToken ct);

    /// <returns>False when the tenant has no such lead.</returns>
    Task<bool> AddAsync(LeadLabel label, CancellationToken ct);
}

/// <summary>Records that a lead was won or lost.</summary>
public sealed class RecordOutcome(IOutcomeStore outcomes, IAuditLog audit, TimeProvider time)
{
    public async Task<Result<LeadOutcome>> ExecuteAsync(TenantId tenant, Actor actor, Guid leadId, OutcomeReport report, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (report.OccurredAt > now.AddDays(1))
        {
            return new Error(ErrorKind.Invalid, "outcome-in-future", $"The outcome is dated {report.OccurredAt:yyyy-MM-dd}, which is still to come; give the day it happened.", "occurredAt");
        }

        if (report.Amount is < 0 or > 1_000_000_000_000m || (report.Amount is not null && report.Currency is null) || (report.Currency is { } currency && (currency.Length != 3 || !currency.All(char.IsAsciiLetter))))
        {
            return new Error(ErrorKind.Invalid, "invalid-amount", "An amount is zero or more and comes with a three-letter currency such as INR.", "amount");
        }

        var outcome = new LeadOutcome
        {
            TenantId = tenant,
            Id = Guid.CreateVersion7(now),
            LeadId = leadId,
            Result = report.Result,
            OccurredAt = report.OccurredAt ?? now,
            RecordedAt = now,
            Amount = report.Amount,
            Currency = report.Currency?.ToUpperInvariant(),
            LostReason = TextNormalizer.Clean(report.LostReason) is { } reason ? TextNormalizer.Truncate(reason) : null,
        };
        var added = await outcomes.AddAsync(outcome, actor.Kind == "user" ? TransitionOrigin.Person : TransitionOrigin.Imported, actor.Id, ct);
        if (!added.IsOk)
        {
            return added.Error;
        }

        await audit.AppendAsync(tenant, actor, "outcome.recorded", new { leadId, outcome.Id, report.Result }, ct);
        return outcome;
    }

    /// <summary>Takes an outcome back that was recorded by mistake.</summary>
    public async Task<Result<Guid>> UndoAsync(TenantId tenant, Actor actor, Guid outcome, CancellationToken ct)
    {
        if (await outcomes.RemoveAsync(tenant, outcome, time.GetUtcNow(), ct) is not { } lead)
        {
            return new Error(ErrorKind.NotFound, "unknown-outcome", "There is no such outcome; it may have been taken back already.");
        }

        await audit.AppendAsync(tenant, actor, "outcome.undone", new { lead, outcome }, ct);
        return lead;
    }
}
