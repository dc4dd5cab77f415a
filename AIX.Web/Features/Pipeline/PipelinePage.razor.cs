using System.Globalization;
using AIX.Core.Pipeline;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Radzen;

namespace AIX.Web.Features.Pipeline;

/// <summary>The queue by stage, its rate, and the runs that need a person.</summary>
public sealed partial class PipelinePage(IPipelineQueries queries, IPipelineQueue queue, ICurrentTenant current, Clock clock, TimeProvider time, NotificationService notifications, IStringLocalizer<Texts> texts)
    : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private PipelineStatus? _status;

    protected override async Task OnInitializedAsync() => await LoadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = RefreshAsync();
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    /// <summary>Counts change without events (leases, back-offs), so the page looks once a second while it is open.</summary>
    private async Task RefreshAsync()
    {
        var ct = _end.Token;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                await InvokeAsync(async () =>
                {
                    await LoadAsync();
                    StateHasChanged();
                });
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or ObjectDisposedException)
        {
            // The page is gone.
        }
    }

    private async Task LoadAsync() => _status = await queries.StatusAsync(time.GetUtcNow(), CancellationToken.None);

    private async Task RetryAsync(long? run)
    {
        var count = await queue.RetryAsync(current.Id!.Value, run, CancellationToken.None);
        notifications.Notify(NotificationSeverity.Info, texts["pipeline.retried", count]);
        await LoadAsync();
    }

    private static string N(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
