using System.Globalization;
using System.Security.Claims;
using AIX.Core.Tenancy;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace AIX.Web.Shell;

public sealed partial class MainLayout(ITenantStore tenants, ICurrentTenant current, Clock clock, IJSRuntime js, NavigationManager navigation) : IDisposable
{
    private ErrorBoundary? _boundary;
    private string _tenant = "";
    private bool _ready;

    private static bool Hindi => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "hi";

    protected override async Task OnInitializedAsync()
    {
        navigation.LocationChanged += OnNavigated;
        if (current.Id is { } tenant)
        {
            _tenant = (await tenants.GetAsync(tenant, CancellationToken.None)).Name;
            await clock.LoadAsync();
        }

        _ready = true;
    }

    public void Dispose() => navigation.LocationChanged -= OnNavigated;

    private void OnNavigated(object? sender, LocationChangedEventArgs e)
    {
        _boundary?.Recover();
        StateHasChanged();
    }

    private async Task ToggleThemeAsync() => await js.InvokeVoidAsync("aix.toggleTheme");

    private string LanguageUrl(string language) => $"/language/{language}?returnUrl={Uri.EscapeDataString("/" + navigation.ToBaseRelativePath(navigation.Uri))}";

    private static string Name(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.GivenName) ?? user.Identity?.Name ?? "";

    private static string Initials(ClaimsPrincipal user) => string.Concat(Name(user).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2).Select(w => char.ToUpperInvariant(w[0])));
}
