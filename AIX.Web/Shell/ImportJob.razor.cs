using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using Microsoft.AspNetCore.Components;

namespace AIX.Web.Shell;

/// <summary>A running import at the foot of the sidebar, wherever its owner goes.</summary>
public sealed partial class ImportJob(ILiveFeed feed, IImportQueries imports, ICurrentTenant current, TimeProvider time) : ComponentBase, IDisposable
{
    private LiveSubscription? _live;
    private ImportProgress? _import;

    private int Percent => _import is { RowsExpected: > 0 } i ? (int)Math.Min(100, 100.0 * i.Rows / i.RowsExpected.Value) : 0;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && current.Id is { } tenant)
        {
            _live = new LiveSubscription(time, TimeSpan.FromSeconds(1), _ => InvokeAsync(LoadAsync));
            _live.Start(feed, tenant, e => e is ImportProgressed);
            await LoadAsync();
        }
    }

    public void Dispose() => _live?.Dispose();

    private async Task LoadAsync()
    {
        _import = (await imports.ListAsync(5, CancellationToken.None)).FirstOrDefault(i => i.State == ImportState.Running);
        StateHasChanged();
    }
}
