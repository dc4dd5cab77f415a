using AIX.Core.Auditing;
using AIX.Core.Leads.Intake;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>An outcome as somebody reports it.</summary>
public sealed record OutcomeReport(OutcomeResult Result, DateTimeOffset? OccurredAt, decimal? Amount = null, string? Currency = null, string? LostReason = null);

public interface IOutcomeStore
{
    /// <returns>False when the tenant has no such lead.</returns>
    Task<bool> AddAsync(LeadOutcome outcome, CancellationToken ct);

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
        if (!await outcomes.AddAsync(outcome, ct))
        {
            return new Error(ErrorKind.NotFound, "unknown-lead", "There is no such lead.");
        }

        await audit.AppendAsync(tenant, actor, "outcome.recorded", new { leadId, outcome.Id, report.Result }, ct);
        return outcome;
    }
}
