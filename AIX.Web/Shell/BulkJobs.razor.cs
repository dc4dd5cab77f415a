using System.Globalization;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Shell;

/// <summary>Bulk work at the foot of the sidebar; whoever started it hears of its end, with a way back.</summary>
public sealed partial class BulkJobs(IBulkStore store, BulkWork bulk, ICurrentTenant current, CurrentUser user, ILiveFeed feed, Toasts toasts, TimeProvider time, NavigationManager navigation, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private readonly HashSet<Guid> _told = [];
    private IReadOnlyList<BulkRow> _jobs = [];
    private LiveSubscription? _live;
    private DateTimeOffset _since;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && current.Id is { } tenant)
        {
            _since = time.GetUtcNow();
            _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(500), _ => InvokeAsync(LoadAsync));
            _live.Start(feed, tenant, e => e is BulkProgressed);
            await LoadAsync();
        }
    }

    public void Dispose() => _live?.Dispose();

    private async Task LoadAsync()
    {
        _jobs = await store.ListAsync(current.Id!.Value, 10, CancellationToken.None);
        foreach (var job in _jobs.Where(j => !j.IsRunning && j.EndedAt > _since && j.CreatedBy == user.Name && _told.Add(j.Id)))
        {
            Tell(job);
        }

        foreach (var job in _jobs.Where(j => j.IsRunning))
        {
            _told.Remove(job.Id);
        }

        StateHasChanged();
    }

    private void Tell(BulkRow job)
    {
        var count = Show(job.Changed);
        switch (job.State)
        {
            case BulkState.Failed:
                toasts.Error(texts["bulk.failed", job.Failure ?? ""]);
                break;
            case BulkState.Undone:
                toasts.Show(texts["bulk.undone"], icon: "undo");
                break;
            case BulkState.Done when job.Kind == BulkKind.Export:
                toasts.Show(texts["bulk.exported", count], icon: "download", action: texts["bulk.download"], act: () =>
                {
                    navigation.NavigateTo($"/app/exports/{job.Id}.csv", forceLoad: true);
                    return Task.CompletedTask;
                });
                break;
            default:
                toasts.Show(texts[$"bulk.did.{job.Kind}", count], job.Changed < job.Done ? texts["bulk.unchanged", Show(job.Done - job.Changed)].Value : null, action: job.CanUndo ? texts["action.undo"].Value : null, act: async () => toasts.Tell((await bulk.UndoAsync(current.Id!.Value, user.Actor, job.Id, CancellationToken.None)).Error));
                break;
        }
    }

    private static int Percent(BulkRow job) => job.Total is > 0 and var total ? (int)Math.Min(100, 100.0 * job.Done / total) : 0;

    private static string Show(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
