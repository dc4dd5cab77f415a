using AIX.Core.Notifications;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Shell;

/// <summary>What the person should know. A hot lead also shows itself at once.</summary>
public sealed partial class Bell(INotificationQueries queries, ICurrentTenant current, CurrentUser user, ILiveFeed feed, Clock clock, Toasts toasts, TimeProvider time, NavigationManager navigation, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private const int Shown = 20;

    private IReadOnlyList<NotificationRow> _newest = [];
    private LiveSubscription? _live;
    private bool _open;
    private int _unread;

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && current.Id is { } tenant)
        {
            _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(500), _ => InvokeAsync(OnToldAsync));
            _live.Start(feed, tenant, e => e is PeopleTold told && told.UserIds.Contains(user.Id));
        }
    }

    public void Dispose() => _live?.Dispose();

    private async Task LoadAsync()
    {
        if (current.Id is { } tenant)
        {
            (_newest, _unread) = await queries.OfAsync(tenant, user.Id, Shown, CancellationToken.None);
        }
    }

    private async Task OnToldAsync()
    {
        var known = _newest.Select(n => n.Id).ToHashSet();
        await LoadAsync();
        foreach (var notice in _newest.Where(n => !known.Contains(n.Id) && !n.Read).Take(2))
        {
            toasts.Show(Sentence(notice), icon: "bell", action: notice.LeadId is null ? null : texts["action.open"].Value, act: () =>
            {
                navigation.NavigateTo(Href(notice));
                return Task.CompletedTask;
            });
        }

        StateHasChanged();
    }

    private async Task ToggleAsync()
    {
        _open = !_open;
        if (_open && _unread > 0)
        {
            await queries.ReadAsync(current.Id!.Value, user.Id, time.GetUtcNow(), CancellationToken.None);
            _unread = 0;
        }
    }

    private string Sentence(NotificationRow notice) => texts[$"notice.{notice.Kind}", notice.LeadName ?? texts["leads.unnamed"].Value, notice.Text ?? ""];

    private static string Href(NotificationRow notice) => notice switch
    {
        { Kind: "escalated" or "adjudicate", LeadId: { } lead } => $"/review?lead={lead}",
        { LeadId: { } lead } => $"/leads/{lead}",
        { Kind: "hotMany" } => "/leads?band=hot",
        _ when notice.Kind == "routeRefused" || notice.Kind.StartsWith("campaign.", StringComparison.Ordinal) => "/campaigns",
        _ => "/leads",
    };
}
