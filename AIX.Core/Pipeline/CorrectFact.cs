using AIX.Core.Auditing;
using AIX.Core.Enrichment;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Pipeline;

/// <summary>A person says what is right. The word becomes a fact that outweighs every source, the sources learn from it, and the lead is scored again.</summary>
internal sealed class CorrectFact(IUnitOfWorkFactory works, IPipelineStore store, IPipelineQueue queue, IAuditLog audit, TimeProvider time) : ICorrectFact
{
    private const double Reliability = 0.99;

    public async Task<Result<bool>> ExecuteAsync(TenantId tenant, Actor actor, Guid lead, string attribute, string value, CancellationToken ct)
    {
        var said = string.Concat(value.Where(c => !char.IsControl(c))).Trim();
        if (said.Length is 0 or > 500)
        {
            return new Error(ErrorKind.Invalid, "invalid-value", "What is right is a text of 1 to 500 characters.", "value");
        }

        if (attribute.Length is 0 or > 120 || attribute is "email" or "phone" or "name")
        {
            return new Error(ErrorKind.Invalid, "invalid-attribute", $"“{attribute}” is not an attribute that sources speak of; e-mail, phone and name are changed where the lead comes from.", "attribute");
        }

        var now = time.GetUtcNow();
        await using var work = await works.BeginAsync(tenant, ct);
        if ((await store.LoadForScoringAsync(work, [lead], now, ct)) is not [var known])
        {
            return new Error(ErrorKind.NotFound, "unknown-lead", "There is no such lead.");
        }

        // Sources are judged by what they said before the person spoke.
        var claims = known.ClaimsOf(attribute).Where(c => c.Source != LeadFact.Person).ToList();
        await store.AddFactsAsync(work, [new FoundFact(lead, attribute, said, LeadFact.Person, Reliability)], now, ct);
        await store.LearnReliabilityAsync(work, [.. claims.Select(c => Judge(attribute, c, said)).OrderBy(g => g.Source, StringComparer.Ordinal)], ct);
        await queue.EnqueueAsync(work, [lead], ct);
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "fact.corrected", new { lead, attribute }, ct);
        return true;
    }

    private static ReliabilityGain Judge(string attribute, Claim claim, string right)
    {
        var isRight = Fusion.SaysTheSame(attribute, claim.Value, right);
        return new ReliabilityGain(claim.Source, attribute, claim.Reliability / claim.Confidence, isRight ? SourceReliability.CorrectionWeight : 0, isRight ? 0 : SourceReliability.CorrectionWeight);
    }
}

public interface ICorrectFact
{
    /// <summary>Refuses an unknown lead, an empty value, and attributes that are no source's business.</summary>
    Task<Result<bool>> ExecuteAsync(TenantId tenant, Actor actor, Guid lead, string attribute, string value, CancellationToken ct);
}
