using AIX.Core.Auditing;
using AIX.Core.Review;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>A person says what is right, from the lead's page.</summary>
internal sealed class CorrectFact(IUnitOfWorkFactory works, IFlagFact facts, IAuditLog audit) : ICorrectFact
{
    public async Task<Result<bool>> ExecuteAsync(TenantId tenant, Actor actor, Guid lead, string attribute, string value, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        var flagged = await facts.ExecuteAsync(work, lead, attribute, value, ct);
        if (!flagged.IsOk)
        {
            return flagged.Error;
        }

        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "fact.corrected", new { lead, attribute }, ct);
        return true;
    }
}

public interface ICorrectFact
{
    /// <summary>Refuses an unknown lead, an empty value, and attributes that are no source's business.</summary>
    Task<Result<bool>> ExecuteAsync(TenantId tenant, Actor actor, Guid lead, string attribute, string value, CancellationToken ct);
}
