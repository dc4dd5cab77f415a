using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Review;

/// <summary>What was on the screen when the reviewer decided.</summary>
public sealed record Seen(double? Score, double? Low, double? High, Band? Band, int? Model, int? Icp);

/// <summary>A decision as a reviewer sends it.</summary>
/// <param name="Id">Made by the client; the same command twice is one decision.</param>
/// <param name="Attribute">The fact that is wrong, for <see cref="DecisionKind.FlagData"/>.</param>
/// <param name="RightValue">What is right; null when the reviewer does not know.</param>
/// <param name="Hours">How long to put it off, 1 to 720, for <see cref="DecisionKind.Postpone"/>.</param>
public sealed record DecisionCommand(Guid Id, Guid LeadId, DecisionKind Kind, Seen Seen)
{
    public Band? Band { get; init; }

    public double? Probability { get; init; }

    public string? Reason { get; init; }

    public string? Text { get; init; }

    public string? Attribute { get; init; }

    public string? RightValue { get; init; }

    public int Hours { get; init; } = 1;

    public int Milliseconds { get; init; }
}

/// <summary>What a decision changed, for undo.</summary>
public sealed record DecisionEffects
{
    /// <summary>The item's row before; put back as it was.</summary>
    public string? Item { get; init; }

    public LeadState? FromState { get; init; }

    public DateTimeOffset? HotSince { get; init; }

    /// <summary>The lead became hot by it, and may have been given an owner.</summary>
    public bool HandedOver { get; init; }

    public Guid? OwnerBefore { get; init; }

    public Guid? Override { get; init; }

    public Guid? OverrideBefore { get; init; }

    public Guid? Label { get; init; }

    public FlagEffect? Flag { get; init; }
}

/// <summary>What flagging a fact changed.</summary>
/// <param name="Added">A fact was added; false when a person had said the same before.</param>
/// <param name="Gains">Source → what its reliability gained and lost.</param>
public sealed record FlagEffect(string Attribute, string? Value, bool Added, IReadOnlyList<FlagGain> Gains);

public sealed record FlagGain(string Source, double Seed, double Right, double Wrong);

/// <summary>Takes a person's word about a fact in: answered by the pipeline, which knows how facts, sources and scores hang together.</summary>
public interface IFlagFact
{
    /// <param name="right">What is right; null when nobody knows: then the sources that said so are believed less.</param>
    Task<Result<FlagEffect>> ExecuteAsync(IUnitOfWork work, Guid lead, string attribute, string? right, CancellationToken ct);

    Task UndoAsync(IUnitOfWork work, Guid lead, FlagEffect effect, CancellationToken ct);
}

/// <summary>Decides one lead of the queue: once, by the one who holds it, on what was seen.</summary>
public sealed class DecideReview(IReviewStore store, ILeadWorkStore leads, MoveLeads moves, IFlagFact facts, ITenantStore tenants, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task<Result<ReviewDecision>> ExecuteAsync(TenantId tenant, Reviewer reviewer, DecisionCommand command, CancellationToken ct)
    {
        if (Check(command) is { } wrong)
        {
            return wrong;
        }

        var settings = (await tenants.GetAsync(tenant, ct)).Settings;
        var now = time.GetUtcNow();
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.FindAsync(work, command.Id, ct) is { } known)
        {
            return known.ReviewerId == reviewer.UserId && known.LeadId == command.LeadId ? known : new Error(ErrorKind.Conflict, "id-taken", "This decision's id belongs to another decision; reload the page.");
        }

        // The lead before the item, as everywhere, so that two who decide at the same moment wait for each other instead of blocking each other.
        if (await leads.LockAsync(work, command.LeadId, ct) is not { } standing)
        {
            return await leads.MergedIntoAsync(work, command.LeadId, ct) is { } winner
                ? new Error(ErrorKind.NotFound, "merged-lead", $"The lead was merged into another one meanwhile. Look at it there: /leads/{winner}")
                : new Error(ErrorKind.NotFound, "unknown-lead", "The lead was deleted meanwhile; there is nothing left to decide.");
        }

        if (await store.LockAsync(work, command.LeadId, ct) is not { } item)
        {
            return new Error(ErrorKind.Conflict, "already-decided", "The lead has left the queue: somebody decided it, or a new score made it certain.");
        }

        if (Refuse(item, reviewer, standing, command, now) is { } refusal)
        {
            return refusal;
        }

        var image = await store.ImageAsync(work, command.LeadId, ct);
        var effects = await ApplyAsync(work, reviewer, item, standing, command, settings, now, ct);
        if (!effects.IsOk)
        {
            return effects.Error;
        }

        var decision = Make(tenant, reviewer, item, standing, command, effects.Value with { Item = image, FromState = standing.State, HotSince = standing.HotAt, OwnerBefore = standing.OwnerId }, settings, now);
        await store.AddAsync(work, decision, ct);
        await GoOnAsync(work, item, decision, settings, ct);
        work.Raise(new ReviewChanged(tenant, [command.LeadId]));
        work.Raise(new LeadsTouched(tenant, [command.LeadId]));
        await work.CommitAsync(ct);
        await store.SaveDraftAsync(tenant, reviewer.UserId, command.LeadId, null, ct);
        await audit.AppendAsync(tenant, Actor.User(reviewer.UserId), "review.decided", new { command.LeadId, decision.Id, decision.Kind, decision.Round }, ct);
        return decision;
    }

    public static Error? Check(DecisionCommand command) => command switch
    {
        { Kind: DecisionKind.Override } => OverrideScore.Check(new OverrideReport(command.Band, command.Probability, command.Reason, command.Text)),
        { Kind: DecisionKind.FlagData, Attribute: null or "" } => new Error(ErrorKind.Invalid, "missing-attribute", "Say which fact is wrong.", "attribute"),
        { Kind: DecisionKind.FlagData, RightValue.Length: > 500 } => new Error(ErrorKind.Invalid, "invalid-value", "What is right is a text of at most 500 characters.", "rightValue"),
        { Kind: DecisionKind.Postpone, Hours: < 1 or > 720 } => new Error(ErrorKind.Invalid, "invalid-hours", $"A decision can be put off by 1 to 720 hours, not by {command.Hours}.", "hours"),
        _ => FreeText.Check(command.Text, "text", OverrideScore.MaxText),
    };

    private static Error? Refuse(ReviewItem item, Reviewer reviewer, Standing standing, DecisionCommand command, DateTimeOffset now) => item switch
    {
        _ when item.HolderId is { } holder && holder != reviewer.UserId && item.HeldUntil > now => new Error(ErrorKind.Conflict, "held", "Somebody else has taken this lead meanwhile; your five minutes were over. What you typed is kept as a draft."),
        _ when !reviewer.IsManager && (item.EscalatedAt is not null || item.Round == ReviewRound.Adjudication) => new Error(ErrorKind.Forbidden, "managers-only", "This lead waits for a manager."),
        _ when item.Round != ReviewRound.First && (item.FirstReviewer == reviewer.UserId || item.SecondReviewer == reviewer.UserId) => new Error(ErrorKind.Forbidden, "second-look", "You have looked at this lead before; the next look is somebody else's."),
        _ when command.Kind is DecisionKind.Approve or DecisionKind.Override && standing.Band != command.Seen.Band => new Error(ErrorKind.Conflict, "score-changed", "The lead has a new score since you opened it. Look again before you decide."),
        _ when command.Kind == DecisionKind.Approve && standing.Band is null => new Error(ErrorKind.Conflict, "no-score", "The lead has no score yet that could be approved."),
        _ => null,
    };

    private async Task<Result<DecisionEffects>> ApplyAsync(IUnitOfWork work, Reviewer reviewer, ReviewItem item, Standing standing, DecisionCommand command, TenantSettings settings, DateTimeOffset now, CancellationToken ct)
    {
        // A second look changes nothing by itself: when both agree, the first stands; when not, a manager decides.
        if (item.Round == ReviewRound.Second && (command.Kind is DecisionKind.Approve or DecisionKind.Override))
        {
            return new DecisionEffects();
        }

        switch (command.Kind)
        {
            case DecisionKind.Approve:
                var hot = await moves.ToBandAsync(work, [standing.LeadId], standing.State, standing.OverrideBand ?? standing.Band!.Value, TransitionOrigin.Person, reviewer.UserId, now, ct);
                return new DecisionEffects { HandedOver = hot, Label = await LabelAsync(work, reviewer, command, standing.OverrideBand ?? standing.Band!.Value, settings, now, ct) };

            case DecisionKind.Override:
                var said = await OverrideScore.ApplyAsync(leads, moves, work, reviewer.UserId, standing, new OverrideReport(command.Band, command.Probability, command.Reason, command.Text), settings, now, ct);
                return new DecisionEffects { HandedOver = said.Hot, Override = said.Override, OverrideBefore = said.Before, Label = await LabelAsync(work, reviewer, command, said.Band, settings, now, ct) };

            case DecisionKind.FlagData:
                var flagged = await facts.ExecuteAsync(work, command.LeadId, command.Attribute!, FreeText.Clean(command.RightValue), ct);
                return flagged.IsOk ? new DecisionEffects { Flag = flagged.Value } : flagged.Error;

            case DecisionKind.Discard when standing is { State: LeadState.Scored, Band: { } band }:
                return new DecisionEffects { HandedOver = await moves.ToBandAsync(work, [standing.LeadId], standing.State, standing.OverrideBand ?? band, TransitionOrigin.Person, reviewer.UserId, now, ct) };

            default:
                return new DecisionEffects();
        }
    }

    /// <summary>What becomes of the item: off the queue, on to somebody else, or later.</summary>
    private async Task GoOnAsync(IUnitOfWork work, ReviewItem item, ReviewDecision decision, TenantSettings settings, CancellationToken ct)
    {
        switch (decision.Kind)
        {
            case DecisionKind.Postpone:
                await store.PostponeAsync(work, item.LeadId, decision.At.AddHours(Math.Clamp(int.Parse(decision.Reason!, System.Globalization.CultureInfo.InvariantCulture), 1, 720)), ct);
                return;

            case DecisionKind.Escalate:
                await store.EscalateAsync(work, item.LeadId, decision.At, ct);
                await TellManagersAsync(work, "escalated", item.LeadId, decision.ReviewerId, ct);
                return;

            case DecisionKind.Approve or DecisionKind.Override when item.Round == ReviewRound.First && Lot.Of(decision.Id) < settings.SecondReviewRate:
                await store.NextRoundAsync(work, item.LeadId, ReviewRound.Second, decision.Id, decision.ReviewerId, ct);
                return;

            case DecisionKind.Approve or DecisionKind.Override when item is { Round: ReviewRound.Second, FirstDecision: { } first } && (await store.FindAsync(work, first, ct))?.Band != decision.Band:
                await store.NextRoundAsync(work, item.LeadId, ReviewRound.Adjudication, decision.Id, decision.ReviewerId, ct);
                await TellManagersAsync(work, "adjudicate", item.LeadId, null, ct);
                return;

            default:
                await store.RemoveAsync(work, item.LeadId, ct);
                return;
        }
    }

    private async Task TellManagersAsync(IUnitOfWork work, string kind, Guid lead, Guid? but, CancellationToken ct)
    {
        foreach (var manager in (await store.ManagersAsync(work, ct)).Where(m => m != but))
        {
            work.Tell(new Notice(manager, kind, lead));
        }
    }

    /// <summary>The decision as something to learn from: the middle of the band that was said, or the number.</summary>
    private async Task<Guid> LabelAsync(IUnitOfWork work, Reviewer reviewer, DecisionCommand command, Band band, TenantSettings settings, DateTimeOffset now, CancellationToken ct)
    {
        var p = command.Probability ?? MiddleOf(band, settings);
        var label = new LeadLabel
        {
            TenantId = work.TenantId,
            Id = Guid.CreateVersion7(now),
            LeadId = command.LeadId,
            Good = p >= 0.5,
            Confidence = Math.Max(p, 1 - p),
            ReviewerId = reviewer.UserId,
            Reason = FreeText.Clean(command.Text),
            RecordedAt = now,
        };
        await leads.AddLabelAsync(work, label, ct);
        return label.Id;
    }

    /// <summary>Middle of a band, in (0, 1).</summary>
    public static double MiddleOf(Band band, TenantSettings settings) => band switch
    {
        Band.Hot => (settings.HotThreshold + 1) / 2,
        Band.Warm => (settings.WarmThreshold + settings.HotThreshold) / 2,
        _ => settings.WarmThreshold / 2,
    };

    private static ReviewDecision Make(TenantId tenant, Reviewer reviewer, ReviewItem item, Standing standing, DecisionCommand command, DecisionEffects effects, TenantSettings settings, DateTimeOffset now) => new()
    {
        TenantId = tenant,
        Id = command.Id,
        LeadId = command.LeadId,
        ReviewerId = reviewer.UserId,
        Kind = command.Kind,
        Round = item.Round,
        ItemReason = item.Reason,
        Propensity = item.Propensity,
        DecisionValue = item.DecisionValue,
        Band = command.Kind switch
        {
            DecisionKind.Approve => standing.OverrideBand ?? standing.Band,
            DecisionKind.Override => command.Probability is { } p ? OverrideScore.BandOf(p, settings) : command.Band,
            _ => null,
        },
        Probability = command.Probability,
        Reason = command.Kind == DecisionKind.Postpone ? command.Hours.ToString(System.Globalization.CultureInfo.InvariantCulture) : command.Reason,
        Text = FreeText.Clean(command.Text),
        Attribute = command.Attribute,
        RightValue = FreeText.Clean(command.RightValue),
        SeenScore = command.Seen.Score,
        SeenLow = command.Seen.Low,
        SeenHigh = command.Seen.High,
        SeenBand = command.Seen.Band,
        SeenModel = command.Seen.Model,
        SeenIcp = command.Seen.Icp,
        At = now,
        Milliseconds = Math.Clamp(command.Milliseconds, 0, 86_400_000),
        Effects = JsonSerializer.Serialize(effects, Json),
    };
}
