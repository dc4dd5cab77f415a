using System.Globalization;
using System.Security.Claims;
using AIX.Core.Review;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace AIX.Web.Shell;

public sealed partial class MainLayout(
    ITenantStore tenants, ICurrentTenant current, CurrentUser user, IReviewStore review, KeyMap keys, ILiveFeed feed, TimeProvider time, Clock clock, IJSRuntime js, NavigationManager navigation) : IDisposable
{
    private ErrorBoundary? _boundary;
    private string _tenant = "";
    private bool _ready;
    private Palette? _palette;
    private LiveSubscription? _live;
    private bool _sheet;
    private int? _waiting;

    private static bool Hindi => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "hi";

    protected override async Task OnInitializedAsync()
    {
        navigation.LocationChanged += OnNavigated;
        if (current.Id is { } tenant)
        {
            _tenant = (await tenants.GetAsync(tenant, CancellationToken.None)).Name;
            await clock.LoadAsync();
            await keys.LoadAsync();
        }

        _ready = true;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && current.Id is { } tenant)
        {
            // The page comes first; the browser's keys and the count follow.
            await keys.TellAsync(js);
            await CountAsync();
            _live = new LiveSubscription(time, TimeSpan.FromSeconds(2), _ => InvokeAsync(CountAsync));
            _live.Start(feed, tenant, e => e is ReviewChanged);
        }
    }

    public void Dispose()
    {
        navigation.LocationChanged -= OnNavigated;
        _live?.Dispose();
    }

    private async Task CountAsync()
    {
        if (user.May(Permission.ReviewWork))
        {
            var waiting = await review.WaitingAsync(current.Id!.Value, user.May(Permission.ReviewManage), CancellationToken.None);
            if (waiting != _waiting)
            {
                _waiting = waiting;
                StateHasChanged();
            }
        }
    }

    private void OnNavigated(object? sender, LocationChangedEventArgs e)
    {
        _boundary?.Recover();
        _sheet = false;
        StateHasChanged();
    }

    private async Task ToggleThemeAsync() => await js.InvokeVoidAsync("aix.toggleTheme");

    private string LanguageUrl(string language) => $"/language/{language}?returnUrl={Uri.EscapeDataString("/" + navigation.ToBaseRelativePath(navigation.Uri))}";

    private static string Name(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.GivenName) ?? user.Identity?.Name ?? "";

    private static string Initials(ClaimsPrincipal user) => string.Concat(Name(user).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2).Select(w => char.ToUpperInvariant(w[0])));
}
