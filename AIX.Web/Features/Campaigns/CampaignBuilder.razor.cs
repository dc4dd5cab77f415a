using System.Globalization;
using AIX.Core.Calls;
using AIX.Core.Campaigns;
using AIX.Core.Conversations;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Campaigns;

/// <summary>From the goal to the launch in eight steps; every step saves the draft.</summary>
public sealed partial class CampaignBuilder(
    ManageCampaigns manage, TakeAudience takeAudience, ICampaignStore store, PreFlight preFlight, IFlowBook book, ManageViews views, CampaignOptions options, ITelephony telephony, ICurrentTenant current, CurrentUser user, Toasts toasts, Clock clock, NavigationManager navigation, IStringLocalizer<Texts> texts) : ComponentBase
{
    private static readonly string[] Steps = ["goal", "audience", "preflight", "script", "schedule", "pacing", "test", "launch"];
    private static readonly DayOfWeek[] Week = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];
    private static readonly string[] FactNames = ["name", "company", "title", "city", "country", "domain", "industry", "employees", "revenue", "region", "language"];

    private PlanForm _form = new();
    private CampaignPlan _plan = new();
    private IReadOnlyList<DialogueFlow> _flows = [];
    private IReadOnlyList<ViewRow> _views = [];
    private PreFlightResult? _flight;
    private Error? _wrong;
    private string? _error;
    private string? _saved;
    private int? _count;
    private int _counts;
    private int _version;
    private int _step;
    private int _seen;
    private bool _busy;

    [Parameter, EditorRequired]
    public Campaign Campaign { get; set; } = default!;

    [Parameter]
    public EventCallback OnChanged { get; set; }

    private IStringLocalizer<Texts> L => texts;

    private Clock Clock => clock;

    private CampaignOptions Options => options;

    private ITelephony Telephony => telephony;

    private TenantId Tenant => current.Id!.Value;

    private bool NeedsSecond => (_flight?.Audience ?? _count ?? 0) > options.ApprovalAbove;

    private AudienceTaken? _taken;
    private bool _taking;
    private bool _listening;

    protected override async Task OnInitializedAsync()
    {
        _plan = CampaignPlan.Read(Campaign.Plan);
        _version = Campaign.Version;
        _form = PlanForm.Of(Campaign.Name, _plan, clock.Now, clock.ToLocal);
        _flows = await book.AllAsync(Tenant, CancellationToken.None);
        _views = await views.ListAsync(Tenant, user.Id, CancellationToken.None);
        if (Campaign.State == CampaignState.Approval)
        {
            // Who approves wants to see what it is about, not to edit it.
            _step = Steps.Length - 1;
            await CheckAsync();
        }
    }

    private static IEnumerable<Disposition> RedialOutcomes => Enum.GetValues<Disposition>().Except(CampaignPlan.NeverAgain);

    private Task TickRedialAsync(Disposition outcome, bool on)
    {
        // The last one cannot be taken away: none of them would mean everybody.
        _ = on ? _form.RedialOf.Add(outcome) : _form.RedialOf.Remove(outcome);
        return CountAsync();
    }

    private async Task GoAsync(int step)
    {
        if (step == _step || _busy)
        {
            return;
        }

        if (Campaign.State == CampaignState.Draft && !await SaveAsync())
        {
            return;
        }

        _step = Math.Clamp(step, 0, Steps.Length - 1);
        switch (Steps[_step])
        {
            case "audience":
                await CountAsync();
                break;
            case "preflight" or "launch":
                await CheckAsync();
                break;
        }
    }

    private async Task<bool> SaveAsync()
    {
        var plan = _form.Plan(_plan, clock.Now, clock.FromLocal, out var unread);
        if (unread is not null)
        {
            _error = texts["builder.unread", unread];
            return false;
        }

        var saved = await manage.SaveAsync(Tenant, user.Actor, Campaign.Id, _version, _form.Name, plan, CancellationToken.None);
        if (!saved.IsOk)
        {
            _error = saved.Error.Message;
            return false;
        }

        (_plan, _version, _error) = (plan, saved.Value, null);
        _saved = texts["builder.saved", clock.ToLocal(clock.Now).ToString("HH:mm", CultureInfo.InvariantCulture)];
        return true;
    }

    private async Task SaveAndLeaveAsync()
    {
        if (await SaveAsync())
        {
            navigation.NavigateTo("/campaigns");
        }
    }

    // The field hears a choice only a round trip after it is drawn: until then it is closed, so that no choice is lost.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Task.Yield();
            _listening = true;
            StateHasChanged();
        }
    }

    private async Task TakeFileAsync(InputFileChangeEventArgs chosen)
    {
        (_taking, _taken, _error) = (true, null, null);
        StateHasChanged();
        try
        {
            using var memory = new MemoryStream();
            await using (var file = chosen.File.OpenReadStream(TakeAudience.MaxBytes))
            {
                await file.CopyToAsync(memory);
            }

            var taken = await Task.Run(() => takeAudience.ExecuteAsync(Tenant, user.Actor, Campaign.Id, memory.ToArray(), CancellationToken.None));
            (_taken, _error) = (taken.IsOk ? taken.Value : null, taken.Error?.Message);

            // Who names leads by file means these.
            _form.OnlyPicked |= taken.IsOk;
        }
        catch (IOException)
        {
            _error = texts["directory.toolarge", TakeAudience.MaxBytes / 1_000_000];
        }

        _taking = false;
        await CountAsync();
    }

    private async Task CountAsync()
    {
        var plan = _form.Plan(_plan, clock.Now, clock.FromLocal, out _);
        var asked = ++_counts;
        var count = await store.CountAsync(Tenant, Campaign, plan, CancellationToken.None);

        // An answer that comes after that to a later condition is out of date.
        _count = asked == _counts ? count : _count;
    }

    private async Task CheckAsync()
    {
        (_busy, _seen) = (true, 0);
        StateHasChanged();
        _wrong = await manage.CheckAsync(Tenant, _plan, CancellationToken.None);
        var progress = new Progress<int>(seen => InvokeAsync(() =>
        {
            _seen = seen;
            StateHasChanged();
        }));
        var flight = await Task.Run(() => preFlight.ExecuteAsync(Tenant, Campaign.Id, _plan, CancellationToken.None, progress));
        (_flight, _error) = (flight.IsOk ? flight.Value : null, flight.Error?.Message);
        if (_flight is { Audience: 0 })
        {
            _wrong ??= new Error(ErrorKind.Invalid, "empty-audience", texts["builder.empty"]);
        }

        _busy = false;
    }

    private async Task LaunchAsync()
    {
        _busy = true;
        if (Campaign.State == CampaignState.Approval || await SaveAsync())
        {
            var launched = await manage.LaunchAsync(Tenant, user.Actor, Campaign.Id, CancellationToken.None);
            _error = launched.Error?.Message;
            if (launched.IsOk)
            {
                toasts.Show(texts[launched.Value == CampaignState.Approval ? "builder.asked" : "builder.launched"]);
                await OnChanged.InvokeAsync();
            }
        }

        _busy = false;
    }

    private async Task TakeViewAsync(string? id)
    {
        if (_views.FirstOrDefault(v => v.Id.ToString() == id) is { } view)
        {
            _plan = _plan with { Audience = view.Definition.Filter with { Cursor = null, Limit = 50 } };
            _form = PlanForm.Of(_form.Name, _form.Plan(_plan, clock.Now, clock.FromLocal, out _) with { Audience = _plan.Audience }, clock.Now, clock.ToLocal);
            await CountAsync();
        }
    }

    private Task DropAsync(EditedFact fact)
    {
        _form.Facts.Remove(fact);
        return CountAsync();
    }

    private async Task ScriptMadeAsync(string key)
    {
        _flows = await book.AllAsync(Tenant, CancellationToken.None);
        _form.Flow = key;
    }

    private static void Tick<T>(HashSet<T> set, T value, bool on) => _ = on ? set.Add(value) : set.Remove(value);

    private static string Show(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
