using AIX.Core.Calls;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace AIX.Web.Features.Calls;

/// <summary>Calls as they happen: who is on the line, what was said last, the transcript beside it.</summary>
public sealed partial class CallsPage(
    ICallStore store, ITelephony telephony, ICurrentTenant current, ILiveFeed feed, Clock clock, NavigationManager navigation, TimeProvider time) : ComponentBase, IDisposable
{
    private const int Shown = 100;

    private IReadOnlyList<CallRow>? _rows;
    private IReadOnlyList<CallRow> _today = [];
    private string? _said;
    private bool _openOnly = true;
    private int _talking;
    private int _ringing;
    private int _most;
    private string _routes = "";
    private LiveSubscription? _live;

    [Parameter]
    public Guid? Id { get; set; }

    private TenantId Tenant => current.Id!.Value;

    private int Answered => _today.Count(r => r.AnsweredAt is not null);

    private double? Reply => _today.Where(r => r.LastMs is not null).Select(r => r.LastMs!.Value).Order().ToList() is { Count: > 0 } ms ? ms[ms.Count / 2] : null;

    protected override async Task OnInitializedAsync()
    {
        (_most, _routes) = (telephony.Routes.Sum(r => r.MaxConcurrent), string.Join(", ", telephony.Routes.Select(r => r.Name)));

        // A link to one call is followed from anywhere: the list behind it shows it whether or not it goes on.
        _openOnly = Id is null;
        await LoadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(400), _ => InvokeAsync(async () =>
        {
            await LoadAsync();
            StateHasChanged();
        }));
        _live.Start(feed, Tenant, e => e is CallChanged);
    }

    public void Dispose() => _live?.Dispose();

    private async Task LoadAsync()
    {
        var all = await store.ListAsync(Tenant, null, false, Shown, CancellationToken.None);
        var found = _said is { Length: > 1 } said ? await store.ListAsync(Tenant, null, false, Shown, CancellationToken.None, said) : null;
        var open = await store.ListAsync(Tenant, null, true, Shown, CancellationToken.None);
        _rows = found ?? (_openOnly ? open : all);
        _today = [.. all.Where(r => r.CreatedAt >= clock.Today)];
        _talking = open.Count(r => r.State == CallState.InProgress);
        _ringing = open.Count - _talking;
    }

    private Task SearchAsync() => LoadAsync();

    private async Task ShowAsync(bool openOnly)
    {
        _openOnly = openOnly;
        await LoadAsync();
    }

    private void Open(Guid id) => navigation.NavigateTo($"/calls/{id}");

    private void Close() => navigation.NavigateTo("/calls");
}
