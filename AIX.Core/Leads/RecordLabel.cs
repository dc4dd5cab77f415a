using AIX.Core.Auditing;
using AIX.Core.Leads.Intake;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>A judgement as a reviewer gives it.</summary>
/// <param name="Confidence">In (0, 1]; 1 when the reviewer does not say.</param>
public sealed record LabelReport(bool Good, double Confidence = 1, string? Reason = null);

/// <summary>Records what a reviewer thinks of a lead.</summary>
public sealed class RecordLabel(IOutcomeStore outcomes, IAuditLog audit, TimeProvider time)
{
    public async Task<Result<LeadLabel>> ExecuteAsync(TenantId tenant, Actor actor, Guid leadId, LabelReport report, CancellationToken ct)
    {
        if (report.Confidence is not (> 0 and <= 1))
        {
            return new Error(ErrorKind.Invalid, "invalid-confidence", $"confidence is {report.Confidence}; it lies above 0 and is at most 1.", "confidence");
        }

        var now = time.GetUtcNow();
        var label = new LeadLabel
        {
            TenantId = tenant,
            Id = Guid.CreateVersion7(now),
            LeadId = leadId,
            Good = report.Good,
            Confidence = report.Confidence,
            ReviewerId = actor.Id,
            Reason = TextNormalizer.Clean(report.Reason) is { } reason ? TextNormalizer.Truncate(reason) : null,
            RecordedAt = now,
        };
        if (!await outcomes.AddAsync(label, ct))
        {
            return new Error(ErrorKind.NotFound, "unknown-lead", "There is no such lead.");
        }

        await audit.AppendAsync(tenant, actor, "label.recorded", new { leadId, label.Id, label.Good, label.Confidence }, ct);
        return label;
    }
}
