using System.Globalization;
using AIX.Core.Auditing;
using AIX.Core.Calls;
using AIX.Core.Campaigns;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Campaigns;

/// <summary>A campaign as it runs: what goes on, what came of it, and what holds back the next call.</summary>
public sealed partial class CampaignMonitor(
    ICampaignQueries queries, ManageCampaigns manage, SteerCampaign steer, ManageCompliance compliance, ICallStore calls, CallOptions callOptions, ICurrentTenant current, CurrentUser user, ILiveFeed feed, Toasts toasts, Clock clock, NavigationManager navigation, TimeProvider time, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private const int Shown = 12;

    private sealed record Step(string Name, int Count, string Note, bool Blocks);

    private CampaignPlan _plan = new();
    private RulePack _pack = RulePack.Shipped;
    private CampaignStanding? _standing;
    private IReadOnlyList<CallRow> _calls = [];
    private IReadOnlyList<(Disposition Outcome, int Calls)> _outcomes = [];
    private AbVerdict? _verdict;

    /// <summary>Outcomes to choose from, while somebody does.</summary>
    private IReadOnlyList<(Disposition Outcome, int Leads)>? _redial;
    private LiveSubscription? _live;
    private ITimer? _ages;
    private bool _busy;
    private bool _stopping;

    /// <summary>The call that is open beside the table.</summary>
    private Guid? _open;

    [Parameter, EditorRequired]
    public Campaign Campaign { get; set; } = default!;

    [Parameter]
    public EventCallback OnChanged { get; set; }

    private IStringLocalizer<Texts> L => texts;

    private Clock Clock => clock;

    private CurrentUser User => user;

    private SteerCampaign Steer => steer;

    private TenantId Tenant => current.Id!.Value;

    protected override async Task OnInitializedAsync()
    {
        _plan = CampaignPlan.Read(Campaign.Plan);
        _pack = await compliance.PackAsync(Tenant, CancellationToken.None);
        await LoadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(500), _ => InvokeAsync(RefreshAsync));
        _live.Start(feed, Tenant, e => e is CallChanged || (e is CampaignChanged changed && changed.CampaignId == Campaign.Id));

        // Windows open and waits run out without an event.
        _ages = time.CreateTimer(_ => InvokeAsync(RefreshAsync), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
    }

    public void Dispose()
    {
        _live?.Dispose();
        _ages?.Dispose();
    }

    private async Task RefreshAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    private async Task LoadAsync()
    {
        _standing = await queries.StandingAsync(Tenant, Campaign.Id, clock.Now, clock.Today, CancellationToken.None);
        _calls = await calls.ListAsync(Tenant, null, true, Shown, CancellationToken.None, campaign: Campaign.Id);
        _outcomes = await queries.OutcomesAsync(Tenant, Campaign.Id, CancellationToken.None);
        if (_plan.FlowB.Length > 0)
        {
            var (a, b) = await queries.ArmsAsync(Tenant, Campaign.Id, CancellationToken.None);
            _verdict = AbTest.Judge(a, b);
        }
    }

    private async Task DoAsync(Func<TenantId, Actor, Guid, CancellationToken, Task<Result<CampaignState>>> act)
    {
        _busy = true;
        toasts.Tell((await act(Tenant, user.Actor, Campaign.Id, CancellationToken.None)).Error);
        await OnChanged.InvokeAsync();
        await LoadAsync();
        _busy = false;
    }

    private void Open(Guid call) => _open = _open == call ? null : call;

    private async Task StopAsync()
    {
        await DoAsync(steer.StopAsync);
        _stopping = false;
    }

    private async Task AskRedialAsync() => _redial = _redial is null ? await queries.LastOutcomesAsync(Tenant, Campaign.Id, CancellationToken.None) : null;

    private async Task RedialAsync(IReadOnlyList<Disposition> outcomes)
    {
        _busy = true;
        var made = await manage.RedialAsync(Tenant, user.Actor, Campaign.Id, outcomes, CancellationToken.None);
        toasts.Tell(made.Error);
        if (made.IsOk)
        {
            navigation.NavigateTo($"/campaigns/{made.Value}");
        }

        _busy = false;
    }

    /// <summary>From the audience to the calls that go on: how many are left at each gate, and where they wait.</summary>
    private IEnumerable<Step> Steps(CampaignStanding s)
    {
        var may = s.Audience - s.Excluded.Sum(e => e.Count) - s.Picked;
        var left = s.Waiting + s.Calling;
        var due = s.Due.Sum(d => d.Count);
        var open = s.Due.Where(d => IsOpen(d.Prefix)).Sum(d => d.Count);
        var active = s.Talking + s.Ringing;
        yield return new Step(texts["why.audience"], s.Audience, s.Picked > 0 ? texts["why.picked", Show(s.Picked)] : "", s.Picked > 0 && may == 0);
        yield return new Step(texts["why.may"], may, texts["why.may.note", Show(s.Excluded.Sum(e => e.Count))], may == 0 && s.Picked == 0);
        yield return new Step(texts["why.left"], left, texts["why.left.note", Show(s.Done)], may > 0 && left == 0);
        yield return new Step(texts["why.due"], due, s.NextAt is { } next && due == 0 ? texts["why.due.next", clock.Show(next, texts["time.today"])] : texts["why.due.note", Show(s.Waiting - due)], left > 0 && due == 0 && active == 0);
        yield return new Step(texts["why.window"], open, texts["why.window.note", Show(due - open)], due > 0 && open == 0);
        yield return new Step(texts["why.rate", s.CallsPerSecond.ToString("0.0", CultureInfo.InvariantCulture), _plan.CallsPerSecond], open, s.CallsPerSecond >= _plan.CallsPerSecond * 0.9 && open > 0 ? texts["why.here"] : texts["why.nolimit"], open > 0 && active < _plan.AtOnce && s.CallsPerSecond >= _plan.CallsPerSecond * 0.9);
        yield return new Step(texts["why.lines", active, _plan.AtOnce], active, active >= _plan.AtOnce && open > 0 ? texts["why.waithere", Show(open)] : texts["why.nolimit"], active >= _plan.AtOnce && open > 0);
    }

    private string Verdict(CampaignStanding s)
    {
        var open = s.Due.Where(d => IsOpen(d.Prefix)).Sum(d => d.Count);
        return Campaign.State switch
        {
            CampaignState.Paused => texts[Campaign.Reason is { } why ? $"campaign.reason.{why}.text" : "why.paused"],
            CampaignState.Scheduled => texts["why.scheduled", Campaign.StartsAt is { } at ? clock.Show(at, texts["time.today"]) : ""],
            CampaignState.Failed => texts[$"campaign.reason.{Campaign.Reason}.text"],
            CampaignState.Completed or CampaignState.Cancelled => texts["why.over"],
            _ when s.Talking + s.Ringing >= _plan.AtOnce => texts["why.full", _plan.AtOnce, Show(open)],
            _ when s.Due.Sum(d => d.Count) > 0 && open == 0 => texts["why.closed"],
            _ when s.Waiting > 0 && open == 0 => texts["why.wait", s.NextAt is { } next ? clock.Show(next, texts["time.today"]) : ""],
            _ when s.Waiting + s.Calling + s.Picked == 0 => texts["why.done"],
            _ => texts["why.dialling"],
        };
    }

    private bool IsOpen(string prefix) => _pack.Countries.FirstOrDefault(c => c.Prefix == prefix) is { } country && CampaignClock.IsOpen(_plan, country, clock.Now, callOptions.RingSeconds);

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Show(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
