using System.Collections.Concurrent;
using System.Diagnostics;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Enrichment;

/// <summary>
/// Asks outside sources about the companies of a batch: the free ones first, then in rounds those with a price, the one with the most gain per price for each company, as long as an answer can still
/// change where its leads go and the day's budget lasts (86). No transaction is open while a source is asked; a source that is slow, throttled or dead costs the batch its patience at most.
/// </summary>
public sealed class EnrichFromSources(ISourceRegistry registry, ISourceStore store, ISourcePace pace, IDecisionValue decisions, ITenantStore tenants, IUnitOfWorkFactory works, EnrichmentOptions options, TimeProvider time)
{
    /// <summary>Priced sources asked about one company, at most, before it is scored.</summary>
    private const int Rounds = 3;

    /// <summary>How long a throttled source is left alone when it does not say.</summary>
    private static readonly TimeSpan Throttled = TimeSpan.FromSeconds(30);

    /// <summary>Longer than a batch waits for its turns.</summary>
    private static readonly TimeSpan AtHand = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<(DateTimeOffset At, KeyValuePair<(string Scope, string Key), Task<SourceAnswer>> Asked)> _settled = new();

    private readonly ConcurrentDictionary<(string Scope, string Key), Task<SourceAnswer>> _underWay = new();

    /// <returns>A lead of each company that something new is known of, and the attribute.</returns>
    public async Task<IReadOnlyList<(Guid Lead, string Attribute)>> ExecuteAsync(TenantId tenant, Guid[] leads, CancellationToken ct)
    {
        var enabled = await registry.EnabledAsync(tenant, ct);
        if (enabled.Count == 0)
        {
            return [];
        }

        Forget();
        var settings = (await tenants.GetAsync(tenant, ct)).Settings;
        var batch = new EnrichmentBatch(tenant, enabled, settings.DayOf(time.GetUtcNow()), settings.EnrichmentDailyBudget);
        await LoadAsync(batch, leads, ct);
        await RoundAsync(batch, [.. batch.Open(isFree: true, time.GetUtcNow(), null)], ct);
        for (var round = 0; round < Rounds && batch.HasPriced; round++)
        {
            var undecided = await decisions.OfAsync(tenant, batch.LeadsWithOpenPriced(), ct);
            var best = batch.Open(isFree: false, time.GetUtcNow(), undecided).GroupBy(o => o.CompanyId).Select(g => g.MaxBy(o => o.Gain / (double)o.Price)!).ToList();
            if (best.Count == 0)
            {
                break;
            }

            await RoundAsync(batch, best, ct);
        }

        await using var work = await works.BeginAsync(tenant, ct);
        await store.SavePlansAsync(work, batch.Plans(), time.GetUtcNow(), ct);
        await work.CommitAsync(ct);
        return [.. batch.News.Distinct().Select(n => (batch.Companies[n.Company].Leads[0], n.Attribute))];
    }

    private async Task LoadAsync(EnrichmentBatch batch, Guid[] leads, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(batch.Tenant, ct);
        batch.Add(await store.CompaniesAsync(work, leads, ct));
        var questions = batch.Companies.Values.SelectMany(c => batch.Sources.Select(s => (s.Source.Description, batch.QuestionOf(c, s).Key))).ToHashSet();
        var kept = questions.Count == 0 ? new Dictionary<(string, string), IReadOnlyList<SourcedValue>>() : await store.KeptAsync(work, questions, time.GetUtcNow(), ct);
        var facts = batch.TakeKept(kept);
        batch.News.AddRange(await store.SaveAsync(work, [], facts, time.GetUtcNow(), TimeSpan.Zero, ct));
        await work.CommitAsync(ct);
    }

    private async Task RoundAsync(EnrichmentBatch batch, IReadOnlyList<SourceOption> wanted, CancellationToken ct)
    {
        var chosen = await AffordAsync(batch, wanted, ct);
        if (chosen.Count == 0)
        {
            return;
        }

        try
        {
            await AskAsync(batch, chosen, ct);
        }
        finally
        {
            Settle(batch);
        }
    }

    /// <summary>Answers stay at hand for a while: a batch that looked into the store before they were written, and comes to its turn after, finds them here.</summary>
    private void Settle(EnrichmentBatch batch)
    {
        foreach (var asked in batch.UnderWay)
        {
            if (asked.Value is { IsCompletedSuccessfully: true } task && task.GetAwaiter().GetResult().Kind != AnswerKind.NotMeasured)
            {
                _settled.Enqueue((time.GetUtcNow(), asked));
            }
            else
            {
                _underWay.TryRemove(asked);
            }
        }

        batch.UnderWay.Clear();
    }

    private void Forget()
    {
        while (_settled.TryPeek(out var oldest) && time.GetUtcNow() - oldest.At > AtHand && _settled.TryDequeue(out var gone))
        {
            _underWay.TryRemove(gone.Asked);
        }
    }

    private async Task AskAsync(EnrichmentBatch batch, IReadOnlyList<SourceOption> chosen, CancellationToken ct)
    {
        var calls = (await Task.WhenAll(chosen.GroupBy(o => o.Source).Select(g => AskAsync(batch, batch.Named(g.Key), [.. g], ct)))).SelectMany(c => c).ToList();
        var reserved = chosen.Sum(o => o.Price);
        var spent = calls.Sum(c => c.Cost);
        if (reserved > spent)
        {
            await store.ReleaseAsync(batch.Tenant, batch.Day, reserved - spent, ct);
        }

        await using var work = await works.BeginAsync(batch.Tenant, ct);
        var facts = calls.SelectMany(c => c.Answer.Values.Select(v => (c.Source.Source.Description, c.Question.CompanyId, v))).ToList();
        batch.News.AddRange(await store.SaveAsync(work, [.. calls.Where(c => c.Took > TimeSpan.Zero)], facts, time.GetUtcNow(), TimeSpan.FromDays(options.NothingDays), ct));
        await work.CommitAsync(ct);
    }

    /// <summary>What the budget allows; the rest of the plan is marked.</summary>
    private async Task<IReadOnlyList<SourceOption>> AffordAsync(EnrichmentBatch batch, IReadOnlyList<SourceOption> wanted, CancellationToken ct)
    {
        var cost = wanted.Sum(o => o.Price);
        if (cost == 0)
        {
            return wanted;
        }

        var granted = await store.ReserveAsync(batch.Tenant, batch.Day, cost, batch.Budget, ct);
        var chosen = SourcePlanner.Choose(wanted, granted);
        if (granted - chosen.Sum(o => o.Price) is var left && left > 0)
        {
            await store.ReleaseAsync(batch.Tenant, batch.Day, left, ct);
        }

        foreach (var option in wanted.Except(chosen))
        {
            batch.Step(option, StepOutcome.OverBudget);
        }

        return chosen;
    }

    /// <summary>One source's questions, at its pace.</summary>
    private async Task<IReadOnlyList<MadeCall>> AskAsync(EnrichmentBatch batch, EnabledSource source, IReadOnlyList<SourceOption> asked, CancellationToken ct)
    {
        var description = source.Source.Description;
        var scope = batch.ScopeOf(source);
        var (granted, wait) = await pace.TakeAsync(scope, description.RatePerSecond, asked.Count, TimeSpan.FromSeconds(options.PatienceSeconds), ct);
        foreach (var option in asked.Skip(granted))
        {
            batch.Step(option, StepOutcome.TooSlow);
        }

        using var lanes = new SemaphoreSlim(options.Concurrency);
        var (clock, blocked, calls) = (Stopwatch.StartNew(), new Blocked(), new List<Task<MadeCall?>>());
        foreach (var (at, option) in asked.Take(granted).Index())
        {
            var due = wait + TimeSpan.FromSeconds(at / SourceRate.Of(description.RatePerSecond));
            if (due > clock.Elapsed)
            {
                // Rounded up: a timer that fires early would ask too fast.
                await Task.Delay(due - clock.Elapsed + TimeSpan.FromMilliseconds(1), ct);
            }

            await lanes.WaitAsync(ct);
            calls.Add(OneAsync(option));
        }

        return [.. (await Task.WhenAll(calls)).OfType<MadeCall>()];

        async Task<MadeCall?> OneAsync(SourceOption option)
        {
            try
            {
                return blocked.Note is { } note ? Skip(option, note) : await OneCallAsync(batch, source, option, blocked, scope, ct);
            }
            finally
            {
                lanes.Release();
            }
        }

        MadeCall? Skip(SourceOption option, string note)
        {
            batch.Step(option, StepOutcome.NotMeasured, note: note);
            return null;
        }
    }

    private async Task<MadeCall?> OneCallAsync(EnrichmentBatch batch, EnabledSource source, SourceOption option, Blocked blocked, string scope, CancellationToken ct)
    {
        var question = batch.QuestionOf(batch.Companies[option.CompanyId], source);
        var mine = new TaskCompletionSource<SourceAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var shared = _underWay.GetOrAdd((scope, question.Key), mine.Task);
        if (shared != mine.Task)
        {
            // Another batch of this node asks the same at this moment: its answer serves both, and is paid once.
            var theirs = await shared.WaitAsync(ct);
            batch.Step(option, theirs.Kind == AnswerKind.NotMeasured ? StepOutcome.NotMeasured : StepOutcome.Cached, facts: theirs.Values.Count, note: theirs.Note);
            return new MadeCall(source, question, theirs, 0, TimeSpan.Zero);
        }

        batch.UnderWay.Add(KeyValuePair.Create((scope, question.Key), mine.Task));
        try
        {
            var clock = Stopwatch.StartNew();
            var answer = await source.Source.AskAsync(question, ct);
            if (answer is { Kind: AnswerKind.NotMeasured, RetryAfter: null } && (await pace.TakeAsync(scope, source.Source.Description.RatePerSecond, 1, TimeSpan.FromSeconds(1), ct)) is (1, var wait))
            {
                await Task.Delay(wait + TimeSpan.FromMilliseconds(1), ct);
                answer = await source.Source.AskAsync(question, ct);
            }

            if (answer is { Kind: AnswerKind.NotMeasured, RetryAfter: { } pause })
            {
                blocked.Note = answer.Note;
                await pace.BlockAsync(scope, pause > TimeSpan.Zero ? pause : Throttled, ct);
            }

            mine.SetResult(answer);
            var cost = answer.Kind == AnswerKind.Found || (answer.Kind == AnswerKind.Nothing && !source.Source.Description.BilledOnMatch) ? source.Price : 0;
            batch.Step(option, (StepOutcome)answer.Kind, cost, answer.Values.Count, answer.Note);
            return new MadeCall(source, question, answer, cost, clock.Elapsed);
        }
        catch (Exception ex)
        {
            mine.TrySetException(ex);
            _ = mine.Task.Exception;
            throw;
        }
    }

    /// <summary>A source that said "not now": what is left of the batch does not ask it.</summary>
    private sealed class Blocked
    {
        public volatile string? Note;
    }
}
