using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Api;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;
using Radzen;

namespace AIX.Web.Features.Imports;

/// <summary>One import from its mapping to its result, live.</summary>
public sealed partial class ImportPage(
    IImportQueries imports, ManageImport manage, ILiveFeed feed, ICurrentTenant current, TimeProvider time, DialogService dialogs, NotificationService notifications,
    AuthenticationStateProvider authentication, NavigationManager navigation, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private const int ShownErrors = 100;

    private LiveSubscription? _live;
    private ImportProgress? _import;
    private IReadOnlyList<ImportErrorRow> _errors = [];
    private bool _missing;
    private bool _checked;

    [Parameter]
    public Guid Id { get; set; }

    protected override Task OnParametersSetAsync() => LoadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && current.Id is { } tenant)
        {
            _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(250), _ => InvokeAsync(LoadAsync));
            _live.Start(feed, tenant, e => e is ImportProgressed p && p.ImportId == Id);
        }
    }

    public void Dispose() => _live?.Dispose();

    private async Task LoadAsync()
    {
        _import = await imports.GetAsync(Id, CancellationToken.None);
        _missing = _import is null;
        if (_import is { Rejected: > 0 })
        {
            _errors = await imports.ErrorsAsync(Id, ShownErrors, CancellationToken.None);
        }

        StateHasChanged();
    }

    private async Task CancelAsync()
    {
        var wasDraft = _import?.State == ImportState.Draft;
        var result = await manage.CancelAsync(current.Id!.Value, await ActorAsync(), Id, CancellationToken.None);
        if (!result.IsOk)
        {
            notifications.Notify(NotificationSeverity.Error, result.Error.Message);
        }
        else if (wasDraft)
        {
            navigation.NavigateTo("/imports");
            return;
        }

        await LoadAsync();
    }

    private async Task UndoAsync()
    {
        var sure = await dialogs.Confirm(
            texts["import.undo.text", _import!.Accepted, _import.Duplicates], texts["import.undo.title"],
            new ConfirmOptions { OkButtonText = texts["import.undo"], CancelButtonText = texts["action.keep"], Width = "460px" });
        if (sure != true)
        {
            return;
        }

        var result = await manage.UndoAsync(current.Id!.Value, await ActorAsync(), Id, CancellationToken.None);
        notifications.Notify(
            result.IsOk ? NotificationSeverity.Success : NotificationSeverity.Error,
            result.IsOk ? texts["import.undone", result.Value.Removed, result.Value.Restored, result.Value.Kept] : result.Error.Message);
        await LoadAsync();
    }

    private async Task<Core.Auditing.Actor> ActorAsync() => Claims.ActorOf((await authentication.GetAuthenticationStateAsync()).User);
}
