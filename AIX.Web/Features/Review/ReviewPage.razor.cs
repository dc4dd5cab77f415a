using System.Globalization;
using System.Text.Json;
using AIX.Core.Leads;
using AIX.Core.Review;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Review;

/// <summary>A lead on screen, or fetched to be next.</summary>
public sealed record OpenLead(ReviewRow Row, LeadDetail Detail);

/// <summary>What a reviewer has typed and not submitted.</summary>
public sealed record DraftState(string? Panel, Band? Band, double? Probability, string? Reason, string? Text, string? Attribute, string? RightValue);

/// <summary>The review queue: one lead at a time, the next three at hand, each leased to one person.</summary>
public sealed partial class ReviewPage(
    IReviewStore store, DecideReview decide, UndoReview undo, ILeadDetailQueries details, ITenantStore tenants, ICurrentTenant current, CurrentUser user, ILiveFeed feed, Clock clock, Toasts toasts, TimeProvider time,
    IStringLocalizer<Texts> texts) : ComponentBase, IAsyncDisposable
{
    private const int Depth = 10;
    private const int MaxDraft = 20_000;

    private readonly List<(Guid Lead, string Name, DecisionKind Kind, Band? Band)> _last = [];
    private ReviewDesk _desk = null!;
    private TenantSettings _settings = new();
    private ReviewProgress? _progress;
    private IReadOnlyList<ReviewRow> _rail = [];
    private IReadOnlyList<DecidedRow> _decided = [];
    private IReadOnlyList<LeadDecision> _others = [];
    private OpenLead? _open;
    private ReviewRow? _blocked;
    private DraftState? _draft;
    private Error? _error;
    private ReviewTab _tab;
    private bool _bulk;
    private bool _loaded;
    private int _attempt;
    private long _shownAt;
    private DateTimeOffset? _draftSaved;
    private LiveSubscription? _live;
    private ITimer? _heartbeat;
    private DecisionPanel? _panel;

    [SupplyParameterFromQuery(Name = "lead")]
    public Guid? Wanted { get; set; }

    private TenantId Tenant => current.Id!.Value;

    private IEnumerable<(ReviewTab Tab, int Count)> Tabs =>
        [(ReviewTab.Pending, _progress is { } p ? p.Free + p.Held : 0), (ReviewTab.Drafts, _progress?.Drafts ?? 0), (ReviewTab.Done, _progress?.DoneByMe ?? 0), (ReviewTab.Discarded, _progress?.DiscardedByMe ?? 0)];

    protected override async Task OnInitializedAsync()
    {
        _desk = new ReviewDesk(store, details, Tenant, user.Reviewer);
        _settings = (await tenants.GetAsync(Tenant, CancellationToken.None)).Settings;
        if (Wanted is { } lead)
        {
            await TakeAsync(lead);
        }

        if (_open is null && _blocked is null)
        {
            await _desk.RefillAsync();
            await OpenNextAsync();
        }

        _loaded = true;
        StateHasChanged();
        await CountAsync();
        StateHasChanged();
        await _desk.PrefetchAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(400), _ => InvokeAsync(OnChangedAsync));
        _live.Start(feed, Tenant, e => e is ReviewChanged);
        _heartbeat = time.CreateTimer(_ => InvokeAsync(BeatAsync), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        _live?.Dispose();
        if (_heartbeat is not null)
        {
            await _heartbeat.DisposeAsync();
        }

        // A page that was left before it began has no desk.
        if (_desk is { } desk)
        {
            await desk.ReleaseAsync();
        }
    }

    private bool HeldByOther(ReviewRow row) => row.HolderId is { } holder && holder != user.Id && row.HeldUntil > time.GetUtcNow();

    private int MinutesLeft(ReviewRow row) => Math.Max(1, (int)Math.Ceiling(((row.HeldUntil ?? time.GetUtcNow()) - time.GetUtcNow()).TotalMinutes));

    private async Task OnChangedAsync()
    {
        await CountAsync();
        if (_open is null && _blocked is null && _loaded && _tab == ReviewTab.Pending && !_bulk)
        {
            await _desk.RefillAsync();
            await OpenNextAsync();
        }

        StateHasChanged();
    }

    private async Task CountAsync()
    {
        _progress = await store.ProgressAsync(Tenant, user.Reviewer, clock.Today, CancellationToken.None);
        _rail = [.. (await store.PendingAsync(Tenant, user.Reviewer, 100, _tab == ReviewTab.Drafts, CancellationToken.None)).Where(r => !_desk.IsDecided(r.LeadId))];
    }

    private async Task OpenNextAsync()
    {
        _blocked = null;
        if (await _desk.NextAsync() is { } next)
        {
            await OpenAsync(next);
        }
        else
        {
            _open = null;
        }
    }

    private async Task OpenAsync(OpenLead open)
    {
        (_open, _error, _blocked, _draft, _draftSaved, _others) = (open, null, null, null, null, []);
        _attempt++;
        _shownAt = time.GetTimestamp();
        StateHasChanged();
        var draft = await store.DraftAsync(Tenant, user.Id, open.Row.LeadId, CancellationToken.None);
        var others = open.Row.Round == ReviewRound.Adjudication ? await store.OfLeadAsync(Tenant, open.Row.LeadId, CancellationToken.None) : [];
        if (ReferenceEquals(_open, open))
        {
            _others = others;
            if (draft is not null)
            {
                _draft = JsonSerializer.Deserialize<DraftState>(draft, DecideReview.Json);
                _attempt++;
            }
        }
    }

    private async Task TakeAsync(Guid lead)
    {
        (_tab, _bulk) = (_tab is ReviewTab.Drafts ? ReviewTab.Drafts : ReviewTab.Pending, false);
        var row = await store.TakeAsync(Tenant, user.Reviewer, lead, ReviewDesk.Lease, CancellationToken.None);
        if (row is null)
        {
            toasts.Error(texts["review.gone"]);
            await CountAsync();
            return;
        }

        if (HeldByOther(row))
        {
            (_blocked, _open) = (row, null);
            return;
        }

        _desk.Put(row);
        if (await _desk.FetchAsync(lead) is { } detail)
        {
            await OpenAsync(new OpenLead(row, detail));
        }
    }

    private async Task BreakAsync(ReviewRow row)
    {
        await store.BreakAsync(Tenant, row.LeadId, CancellationToken.None);
        await TakeAsync(row.LeadId);
    }

    /// <summary>Shows the next lead at once; what was decided is sent meanwhile, and comes back on the screen if it is refused.</summary>
    private async Task DecideAsync(DecisionCommand given)
    {
        if (_open is not { } open)
        {
            return;
        }

        var row = open.Row;
        var command = given with { Milliseconds = (int)time.GetElapsedTime(_shownAt).TotalMilliseconds };
        if (DecideReview.Check(command) is { } wrong)
        {
            _error = wrong;
            return;
        }

        _desk.Decided(row.LeadId);
        _rail = [.. _rail.Where(r => r.LeadId != row.LeadId)];
        CountOne(command.Kind);
        await OpenNextAsync();
        var result = await decide.ExecuteAsync(Tenant, user.Reviewer, command, CancellationToken.None);
        if (!result.IsOk)
        {
            await TakeBackAsync(open, command, result.Error);
            await CountAsync();
            return;
        }

        _desk.Forget(row.LeadId);
        _last.Insert(0, (row.LeadId, row.Name, command.Kind, result.Value.Band));
        _last.RemoveRange(Math.Min(_last.Count, Depth), Math.Max(0, _last.Count - Depth));
        if (command.Kind is DecisionKind.Postpone or DecisionKind.Escalate || result.Value.Round == ReviewRound.First)
        {
            // It may come back to this person: postponed, or undone.
            _desk.MayReturn(row.LeadId);
        }

        await _desk.RefillAsync();
        if (_open is null)
        {
            await OpenNextAsync();
        }

        await _desk.PrefetchAsync();
    }

    /// <summary>Counts a decision before it is sent; the event that follows it brings the true counts. After it was sent would be once too often: the event may have been there first.</summary>
    private void CountOne(DecisionKind kind)
    {
        if (_progress is { } p)
        {
            var one = kind <= DecisionKind.FlagData ? 1 : 0;
            _progress = p with { DoneByMe = p.DoneByMe + one, DoneByTeam = p.DoneByTeam + one, Free = Math.Max(0, p.Free - 1) };
        }
    }

    private async Task TakeBackAsync(OpenLead open, DecisionCommand command, Error error)
    {
        _desk.MayReturn(open.Row.LeadId);
        var draft = new DraftState(command.Kind.ToString(), command.Band, command.Probability, command.Reason, command.Text, command.Attribute, command.RightValue);
        await store.SaveDraftAsync(Tenant, user.Id, open.Row.LeadId, JsonSerializer.Serialize(draft, DecideReview.Json), CancellationToken.None);
        if (error.Code is "unknown-lead" or "merged-lead" or "already-decided" or "held" or "second-look" or "managers-only")
        {
            _desk.Decided(open.Row.LeadId);
            toasts.Error($"{open.Row.Name}: {error.Message}");
            await CountAsync();
            return;
        }

        _desk.Forget(open.Row.LeadId);
        var row = await store.TakeAsync(Tenant, user.Reviewer, open.Row.LeadId, ReviewDesk.Lease, CancellationToken.None);
        if (row is not null && await _desk.FetchAsync(row.LeadId) is { } detail)
        {
            await OpenAsync(new OpenLead(row, detail));
        }

        _error = error;
    }

    private async Task UndoAsync()
    {
        var result = await undo.ExecuteAsync(Tenant, user.Reviewer, CancellationToken.None);
        if (!result.IsOk)
        {
            toasts.Error(result.Error.Message);
            return;
        }

        _last.RemoveAll(l => l.Lead == result.Value.LeadId);
        _desk.MayReturn(result.Value.LeadId);
        _desk.Forget(result.Value.LeadId);
        _tab = ReviewTab.Pending;
        await TakeAsync(result.Value.LeadId);
        await CountAsync();
    }

    private async Task GoAsync(int step)
    {
        if (Neighbour(step) is { } row)
        {
            await TakeAsync(row.LeadId);
        }
    }

    private bool CanGo(int step) => Neighbour(step) is not null;

    private ReviewRow? Neighbour(int step)
    {
        var free = _rail.Where(r => !HeldByOther(r)).ToList();
        var at = free.FindIndex(r => r.LeadId == _open?.Row.LeadId) + step;
        return at >= 0 && at < free.Count && free[at].LeadId != _open?.Row.LeadId ? free[at] : null;
    }

    private async Task SaveDraftAsync((Guid Lead, DraftState Draft) typed)
    {
        var json = JsonSerializer.Serialize(typed.Draft, DecideReview.Json);
        if (json.Length > MaxDraft)
        {
            // The decision itself will say so too; a draft of that size is not kept.
            toasts.Error(texts["review.draftlong"]);
            return;
        }

        await store.SaveDraftAsync(Tenant, user.Id, typed.Lead, json, CancellationToken.None);
        if (typed.Lead == _open?.Row.LeadId)
        {
            _draftSaved = time.GetUtcNow();
        }
    }

    private async Task BeatAsync()
    {
        if (await _desk.KeepAsync() is not { } kept)
        {
            return;
        }

        if (_open is { } open && !kept.Contains(open.Row.LeadId))
        {
            toasts.Error(texts["review.leaselost", open.Row.Name]);
            _open = null;
        }

        StateHasChanged();
    }

    private async Task OpenTabAsync(ReviewTab tab)
    {
        _tab = tab;
        await ReloadAsync();
    }

    private async Task ReloadAsync()
    {
        _decided = _tab is ReviewTab.Done or ReviewTab.Discarded ? await store.DecidedAsync(Tenant, user.Id, _tab == ReviewTab.Discarded, 100, CancellationToken.None) : [];
        await CountAsync();
        if (_tab == ReviewTab.Pending && !_bulk && _open is null)
        {
            await _desk.RefillAsync();
            await OpenNextAsync();
        }
    }

    private async Task ShowAsync(bool bulk)
    {
        _bulk = bulk;
        if (bulk)
        {
            // Whoever looks at the list holds nothing back from others.
            await _desk.ReleaseAsync();
            _open = null;
        }

        await ReloadAsync();
    }

    private string Why(ReviewRow row) => ReviewWords.Why(row, _settings, texts);

    private static string Share(int done, int left) => (done + left == 0 ? 0 : 100.0 * done / (done + left)).ToString("0.#", CultureInfo.InvariantCulture) + "%";
}
