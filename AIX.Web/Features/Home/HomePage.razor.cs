using AIX.Core.Insights;
using AIX.Core.Leads;
using AIX.Core.Pipeline;
using AIX.Core.Review;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Home;

/// <summary>What each person should see first: the agent's day, the manager's numbers, the admin's set-up.</summary>
public sealed partial class HomePage(
    IDashboardQueries dashboard, IReviewStore review, ILeadQueries leads, ILeadWorkQueries work, WorkLead acts, IPeople people, ITenantStore tenants, ICurrentTenant current, CurrentUser user, ILiveFeed feed, Clock clock, Toasts toasts,
    TimeProvider time, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private TenantSettings _settings = new();
    private Preferences _preferences = new();
    private ReviewProgress? _progress;
    private IReadOnlyList<LeadRow>? _hot;
    private IReadOnlyList<TaskRow>? _tasks;
    private ManagerBoard? _board;
    private IReadOnlyList<PairAgreement> _pairs = [];
    private KappaResult _doubles = new(0, 0, 0, null);
    private SetUp? _setUp;
    private LiveSubscription? _live;

    private TenantId Tenant => current.Id!.Value;

    protected override async Task OnInitializedAsync()
    {
        _preferences = await people.PreferencesAsync(Tenant, user.Id, CancellationToken.None);
        await LoadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && current.Id is { } tenant)
        {
            _live = new LiveSubscription(time, TimeSpan.FromSeconds(2), _ => InvokeAsync(async () =>
            {
                await LoadAsync();
                StateHasChanged();
            }));
            _live.Start(feed, tenant, e => e is ReviewChanged or LeadsTouched or LeadsRouted or LeadsChanged);
        }
    }

    public void Dispose() => _live?.Dispose();

    private async Task LoadAsync()
    {
        _settings = (await tenants.GetAsync(Tenant, CancellationToken.None)).Settings;
        _progress = await review.ProgressAsync(Tenant, user.Reviewer, clock.Today, CancellationToken.None);
        StateHasChanged();
        _hot = (await leads.ListAsync(new LeadFilter(Band.Hot, Limit: 8) { OwnerId = user.Id, State = LeadState.Assigned }, CancellationToken.None)).Value?.Items ?? [];
        _tasks = await work.TasksAsync(user.Id, 12, CancellationToken.None);
        if (user.May(Permission.ReviewManage))
        {
            _board = await dashboard.ManagerAsync(Tenant, _settings.TimeZone, _settings.SpeedGoalMinutes, clock.Today, CancellationToken.None);
            var doubles = await review.DoubleReviewsAsync(Tenant, clock.Now.AddDays(-30), CancellationToken.None);
            _pairs = Agreement.ByPair(doubles);
            _doubles = Agreement.Kappa([.. doubles.Select(d => (d.FirstBand, d.SecondBand))]);
        }

        _setUp = user.May(Permission.SettingsWrite) ? await dashboard.SetUpAsync(Tenant, CancellationToken.None) : null;
    }

    private async Task DoneAsync(TaskRow task)
    {
        await acts.SetDoneAsync(Tenant, user.Actor, task.Id, true, CancellationToken.None);
        toasts.Show(texts["task.isdone", task.Title], action: texts["action.undo"], act: () => acts.SetDoneAsync(Tenant, user.Actor, task.Id, false, CancellationToken.None));
        await LoadAsync();
    }

    private async Task SkipAsync(string step)
    {
        var now = await people.PreferencesAsync(Tenant, user.Id, CancellationToken.None);
        _preferences = now with { Skipped = now.Skipped.Contains(step) ? [.. now.Skipped.Where(s => s != step)] : [.. now.Skipped, step] };
        await people.SaveAsync(Tenant, user.Id, _preferences, CancellationToken.None);
    }

    private string Age(DateTimeOffset since)
    {
        var minutes = (clock.Now - since).TotalMinutes;
        return minutes < 90 ? texts["speed.minutes", Math.Round(minutes)] : minutes < 2880 ? texts["speed.hours", Math.Round(minutes / 60)] : texts["speed.days", Math.Round(minutes / 1440)];
    }
}
