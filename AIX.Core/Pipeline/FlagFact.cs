using AIX.Core.Enrichment;
using AIX.Core.Review;
using AIX.Core.Scoring;
using AIX.Core.Shared;

namespace AIX.Core.Pipeline;

/// <summary>A person's word about a fact: what is right becomes a fact that outweighs every source, those that said otherwise are believed less, and the lead is enriched and scored again.</summary>
internal sealed class FlagFact(IPipelineStore store, IPipelineQueue queue, TimeProvider time) : IFlagFact
{
    private const double Reliability = 0.99;

    public async Task<Result<FlagEffect>> ExecuteAsync(IUnitOfWork work, Guid lead, string attribute, string? right, CancellationToken ct)
    {
        var said = right is null ? null : string.Concat(right.Where(c => !char.IsControl(c))).Trim();
        if (said is { Length: 0 or > 500 })
        {
            return new Error(ErrorKind.Invalid, "invalid-value", "What is right is a text of 1 to 500 characters.", "value");
        }

        if (attribute.Length is 0 or > 120 || attribute is "email" or "phone" or "name")
        {
            return new Error(ErrorKind.Invalid, "invalid-attribute", $"“{attribute}” is not an attribute that sources speak of; e-mail, phone and name are changed where the lead comes from.", "attribute");
        }

        var now = time.GetUtcNow();
        if ((await store.LoadForScoringAsync(work, [lead], now, ct)) is not [var known])
        {
            return new Error(ErrorKind.NotFound, "unknown-lead", "There is no such lead.");
        }

        // Sources are judged by what they said before the person spoke.
        var claims = known.ClaimsOf(attribute).Where(c => c.Source != LeadFact.Person).ToList();
        if (said is null && claims.Count == 0)
        {
            return new Error(ErrorKind.Invalid, "unknown-attribute", $"No source says anything of “{attribute}”; give the right value instead.", "attribute");
        }

        // Without the right value, what stands is what is wrong.
        var wrong = said is null ? Fusion.Of(attribute, claims, now).Value : null;
        FlagGain[] gains = [.. claims.Where(c => said is not null || Fusion.SaysTheSame(attribute, c.Value, wrong!)).Select(c => Judge(attribute, c, said)).OrderBy(g => g.Source, StringComparer.Ordinal)];
        var added = said is not null && (await store.AddFactsAsync(work, [new FoundFact(lead, attribute, said, LeadFact.Person, Reliability)], now, ct)).Count > 0;
        await store.LearnReliabilityAsync(work, [.. gains.Select(g => new ReliabilityGain(g.Source, attribute, g.Seed, g.Right, g.Wrong))], ct);
        await queue.EnqueueAsync(work, [lead], ct);
        return new FlagEffect(attribute, said, added, gains);
    }

    public async Task UndoAsync(IUnitOfWork work, Guid lead, FlagEffect effect, CancellationToken ct)
    {
        if (effect is { Added: true, Value: { } value })
        {
            await store.RemoveFactAsync(work, lead, effect.Attribute, LeadFact.Person, value, ct);
        }

        await store.LearnReliabilityAsync(work, [.. effect.Gains.Select(g => new ReliabilityGain(g.Source, effect.Attribute, g.Seed, -g.Right, -g.Wrong))], ct);
        await queue.EnqueueAsync(work, [lead], ct);
    }

    private static FlagGain Judge(string attribute, Claim claim, string? right)
    {
        var isRight = right is not null && Fusion.SaysTheSame(attribute, claim.Value, right);
        return new FlagGain(claim.Source, claim.Reliability / claim.Confidence, isRight ? SourceReliability.CorrectionWeight : 0, isRight ? 0 : SourceReliability.CorrectionWeight);
    }
}
