using System.Globalization;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace AIX.Web.Features.Imports;

/// <summary>All imports, newest first.</summary>
public sealed partial class ImportsPage(IImportQueries imports, ILiveFeed feed, ICurrentTenant current, Clock clock, TimeProvider time) : ComponentBase, IDisposable
{
    private const int Shown = 200;

    private LiveSubscription? _live;
    private IReadOnlyList<ImportProgress>? _imports;

    protected override async Task OnInitializedAsync() => _imports = await imports.ListAsync(Shown, CancellationToken.None);

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && current.Id is { } tenant)
        {
            _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(500), _ => InvokeAsync(async () =>
            {
                _imports = await imports.ListAsync(Shown, CancellationToken.None);
                StateHasChanged();
            }));
            _live.Start(feed, tenant, e => e is ImportProgressed);
        }
    }

    public void Dispose() => _live?.Dispose();

    private static string N(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
