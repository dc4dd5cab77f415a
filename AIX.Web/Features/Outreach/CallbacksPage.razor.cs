using System.Globalization;
using AIX.Core.Calls;
using AIX.Core.Compliance;
using AIX.Core.Leads;
using AIX.Core.Outreach;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Radzen;
using Radzen.Blazor;

namespace AIX.Web.Features.Outreach;

/// <summary>When people asked to be called again: a calendar to plan in, a list beside it that the keyboard reaches.</summary>
public sealed partial class CallbacksPage(IOutreachStore store, WorkLead acts, ManageCompliance compliance, ICurrentTenant current, CurrentUser user, ILiveFeed feed, Toasts toasts, Clock clock, TimeProvider time, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private const int Listed = 12;

    /// <summary>Minutes that a callback takes in the calendar.</summary>
    private const int Length = 30;

    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Back = TimeSpan.FromDays(14);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(7);

    internal sealed record Slot(DateTime Start, DateTime End, string Text, CallbackRow Row);

    /// <summary>Dates as India writes them, the week from Monday on.</summary>
    private readonly CultureInfo _culture = Calendar();
    private RadzenScheduler<Slot>? _calendar;
    private List<Slot> _slots = [];
    private IReadOnlyList<CallbackRow> _missed = [];
    private IReadOnlyList<CallbackRow> _next = [];
    private CallbackRow? _open;
    private HourRange? _hours;
    private LiveSubscription? _live;
    private DateTime _date;
    private DateTime _when;
    private bool _busy;

    /// <summary>Time of the callback that is being planned.</summary>
    private DateTime? _planned;

    private IStringLocalizer<Texts> L => texts;

    private Clock Clock => clock;

    private TenantId Tenant => current.Id!.Value;

    private static CultureInfo Calendar()
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "hi" ? "hi-IN" : "en-IN").Clone();
        culture.DateTimeFormat.FirstDayOfWeek = DayOfWeek.Monday;
        culture.DateTimeFormat.ShortDatePattern = "d MMM yyyy";
        return culture;
    }

    protected override async Task OnInitializedAsync()
    {
        _date = clock.ToLocal(clock.Now).Date;
        _hours = (await compliance.PackAsync(Tenant, CancellationToken.None)).Countries[0].Promotional;
        await ListAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _live = new LiveSubscription(time, TimeSpan.FromSeconds(1), _ => InvokeAsync(RefreshAsync));
            _live.Start(feed, Tenant, e => e is LeadsTouched or CallChanged);
        }
    }

    public void Dispose() => _live?.Dispose();

    private async Task RefreshAsync()
    {
        await ListAsync();
        await (_calendar?.Reload() ?? Task.CompletedTask);
        StateHasChanged();
    }

    private async Task ListAsync()
    {
        var (now, rows) = (clock.Now, await store.CallbacksAsync(Tenant, clock.Now - Back, clock.Now + Ahead, CancellationToken.None));
        _missed = [.. rows.Where(r => r.DoneAt is null && r.DueAt < now - Late)];
        _next = [.. rows.Where(r => r.DoneAt is null && r.DueAt >= now - Late).Take(Listed)];

        // What is open beside the calendar may have been settled or moved elsewhere; one further away than the list stays as it was.
        if (_open is { } open && rows.FirstOrDefault(r => r.Id == open.Id) is { } fresh)
        {
            (_open, _when) = (fresh, fresh.DueAt == open.DueAt ? _when : clock.ToLocal(fresh.DueAt));
        }
    }

    private async Task LoadAsync(SchedulerLoadDataEventArgs args) =>
        _slots = [.. (await store.CallbacksAsync(Tenant, clock.FromLocal(args.Start), clock.FromLocal(args.End), CancellationToken.None)).Select(r => new Slot(clock.ToLocal(r.DueAt), clock.ToLocal(r.DueAt).AddMinutes(Length), r.Owner is { } owner ? $"{r.LeadName} · {owner}" : r.LeadName, r))];

    private void Show(CallbackRow row) => (_open, _planned, _when) = (row, null, clock.ToLocal(row.DueAt));

    private void Pick(SchedulerSlotSelectEventArgs args) => Plan(args.Start);

    /// <param name="at">Null for the next full hour.</param>
    private void Plan(DateTime? at)
    {
        var now = clock.ToLocal(clock.Now);
        var soon = now.Date.AddHours(now.Hour + 1);

        // A day of the month view begins at midnight, when nobody is called.
        var wanted = at is { TimeOfDay.Ticks: 0 } day ? day.AddHours(10) : at ?? soon;
        (_planned, _open) = (wanted < now ? soon : wanted, null);
    }

    private async Task SavedAsync(DateTime at)
    {
        (_planned, _date) = (null, at.Date);
        await RefreshAsync();
    }

    private Task DropAsync(SchedulerAppointmentMoveEventArgs moved) => moved.Appointment?.Data is Slot { Row: { DoneAt: null } row } slot ? MoveAsync(row, slot.Start + moved.TimeSpan) : Task.CompletedTask;

    private async Task MoveAsync(CallbackRow row, DateTime to)
    {
        _busy = true;
        var moved = await acts.MoveTaskAsync(Tenant, user.Actor, row.Id, clock.FromLocal(to), CancellationToken.None);
        toasts.Tell(moved.Error);
        if (moved.IsOk)
        {
            toasts.Show(texts["callbacks.moved", row.LeadName, clock.Show(clock.FromLocal(to), texts["time.today"])], action: texts["action.undo"], act: () => InvokeAsync(async () =>
            {
                toasts.Tell((await acts.MoveTaskAsync(Tenant, user.Actor, row.Id, moved.Value, CancellationToken.None)).Error);
                await RefreshAsync();
            }));
        }

        _busy = false;
        await RefreshAsync();
    }

    private async Task SettleAsync(CallbackRow row, bool done)
    {
        _busy = true;
        var settled = await acts.SetDoneAsync(Tenant, user.Actor, row.Id, done, CancellationToken.None);
        toasts.Tell(settled.Error);
        if (settled.IsOk && done)
        {
            toasts.Show(texts["task.isdone", row.LeadName], action: texts["action.undo"], act: () => InvokeAsync(() => SettleAsync(row, false)));
        }

        (_busy, _open) = (false, done ? null : _open);
        await RefreshAsync();
    }

    private void Shade(SchedulerSlotRenderEventArgs args)
    {
        // Outside the law, or the organisation's own narrower hours, nobody is called: the hours look it.
        if (args.View!.Text != L["callbacks.month"] && _hours is { } open && (args.Start.Hour < open.Open || args.Start.Hour >= open.Close))
        {
            args.Attributes!["style"] = "background:var(--bg-muted)";
        }
    }

    private void Paint(SchedulerAppointmentRenderEventArgs<Slot> args)
    {
        var row = args.Data!.Row;
        args.Attributes!["style"] = row.DoneAt is not null ? "background:var(--bg-muted);color:var(--text-3)" : row.DueAt < clock.Now - Late ? "background:var(--warning-bg);color:var(--text)" : "background:var(--accent);color:var(--on-accent)";
    }
}
