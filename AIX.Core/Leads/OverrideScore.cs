using AIX.Core.Auditing;
using AIX.Core.Leads.Intake;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>What a person says in the place of a score.</summary>
/// <param name="Probability">In (0, 1); the band then follows from it.</param>
/// <param name="Reason">One of <see cref="OverrideReason.All"/>.</param>
/// <param name="Days">The word holds for so many days, 1 to 3,650; null for good.</param>
public sealed record OverrideReport(Band? Band, double? Probability, string? Reason, string? Text = null, int? Days = null);

/// <summary>Codes of the reasons for which a score is overridden.</summary>
public static class OverrideReason
{
    public const string KnowsMore = "knowsMore";

    public static readonly IReadOnlyList<string> All = [KnowsMore, "talkedToLead", "wrongData", "outdated", "notOurMarket", "existingCustomer", "competitor", "other"];
}

/// <summary>Sets and ends a person's word beside a score. The model's score stays what it is.</summary>
public sealed class OverrideScore(ILeadWorkStore store, MoveLeads moves, ITenantStore tenants, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    /// <summary>Characters of the text that goes with a decision.</summary>
    public const int MaxText = 4_000;

    public async Task<Result<Guid>> ExecuteAsync(TenantId tenant, Actor actor, Guid lead, OverrideReport report, CancellationToken ct)
    {
        var settings = (await tenants.GetAsync(tenant, ct)).Settings;
        if (Check(report) is { } error)
        {
            return error;
        }

        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LockAsync(work, lead, ct) is not { } standing)
        {
            return new Error(ErrorKind.NotFound, "unknown-lead", "There is no such lead; it may have been deleted or merged.");
        }

        var effect = await ApplyAsync(store, moves, work, actor.Id, standing, report, settings, time.GetUtcNow(), ct);
        work.Raise(new LeadsTouched(tenant, [lead]));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "score.overridden", new { lead, effect.Override, report.Reason }, ct);
        return effect.Override;
    }

    /// <summary>Back to automatic. The state stays: a new score moves the lead on.</summary>
    public async Task<Result<bool>> EndAsync(TenantId tenant, Actor actor, Guid lead, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (await store.LockAsync(work, lead, ct) is not { } standing)
        {
            return new Error(ErrorKind.NotFound, "unknown-lead", "There is no such lead; it may have been deleted or merged.");
        }

        if (await store.EndOverrideAsync(work, lead, time.GetUtcNow(), ct) is not { } ended)
        {
            return false;
        }

        if (standing.Band is { } band)
        {
            await moves.ToBandAsync(work, [lead], standing.State, band, TransitionOrigin.Person, actor.Id, time.GetUtcNow(), ct);
        }

        work.Raise(new LeadsTouched(tenant, [lead]));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "override.ended", new { lead, ended }, ct);
        return true;
    }

    public static Error? Check(OverrideReport report) => report switch
    {
        { Band: null, Probability: null } => new Error(ErrorKind.Invalid, "missing-band", "Say hot, warm or cold, or a number between 0 and 1.", "band"),
        { Probability: not null and not (> 0 and < 1) } => new Error(ErrorKind.Invalid, "invalid-probability", $"The number is {report.Probability}; it lies above 0 and below 1.", "probability"),
        { Reason: null or "" } => new Error(ErrorKind.Invalid, "missing-reason", "Choose a reason: without one the score cannot be changed.", "reason"),
        _ when !OverrideReason.All.Contains(report.Reason) => new Error(ErrorKind.Invalid, "unknown-reason", $"The reason “{TextNormalizer.Truncate(report.Reason!)}” is not known; use one of {string.Join(", ", OverrideReason.All)}.", "reason"),
        { Days: < 1 or > 3650 } => new Error(ErrorKind.Invalid, "invalid-expiry", $"The word is to hold for {report.Days} days; use 1 to 3,650, or none for good.", "days"),
        _ => FreeText.Check(report.Text, "text", MaxText),
    };

    /// <summary>Ends what stood, says the new word, and moves the lead to where its band leads.</summary>
    public static async Task<OverrideEffect> ApplyAsync(ILeadWorkStore store, MoveLeads moves, IUnitOfWork work, Guid? actor, Standing standing, OverrideReport report, TenantSettings settings, DateTimeOffset now, CancellationToken ct)
    {
        var band = report.Probability is { } p ? BandOf(p, settings) : report.Band!.Value;
        var before = await store.EndOverrideAsync(work, standing.LeadId, now, ct);
        var said = new ScoreOverride
        {
            TenantId = work.TenantId,
            Id = Guid.CreateVersion7(now),
            LeadId = standing.LeadId,
            Band = band,
            Probability = report.Probability,
            Reason = report.Reason!,
            Text = FreeText.Clean(report.Text),
            AuthorId = actor,
            At = now,
            Until = report.Days is { } days ? now.AddDays(days) : null,
        };
        await store.AddOverrideAsync(work, said, ct);
        var hot = await moves.ToBandAsync(work, [standing.LeadId], standing.State, band, TransitionOrigin.Person, actor, now, ct);
        return new OverrideEffect(said.Id, before, band, hot);
    }

    public static Band BandOf(double p, TenantSettings settings) => p > settings.HotThreshold ? Band.Hot : p > settings.WarmThreshold ? Band.Warm : Band.Cold;
}

/// <param name="Override">The new word.</param>
/// <param name="Before">The word that stood before; null when none did.</param>
/// <param name="Hot">The lead became hot by it.</param>
public sealed record OverrideEffect(Guid Override, Guid? Before, Band Band, bool Hot);
