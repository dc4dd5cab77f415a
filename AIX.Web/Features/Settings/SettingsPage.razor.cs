using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Web.Api;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;
using Radzen;

namespace AIX.Web.Features.Settings;

/// <summary>Thresholds, review cap, zone; API keys; web forms.</summary>
public sealed partial class SettingsPage(
    ITenantStore tenants, ChangeSettings change, IApiKeyStore keyStore, ManageApiKeys manageKeys, IWebFormStore formStore, ICurrentTenant current, Clock clock,
    AuthenticationStateProvider authentication, DialogService dialogs, NotificationService notifications, IStringLocalizer<Texts> texts) : ComponentBase
{
    private double _hot;
    private double _warm;
    private int _cap;
    private double _deal;
    private string _currency = "";
    private int _speed;
    private double _lot;
    private double _second;
    private string _zone = "";
    private bool _shares;
    private string _region = "";
    private Error? _error;
    private IReadOnlyList<ApiKeySummary> _keys = [];
    private IReadOnlyList<WebForm> _forms = [];
    private string _keyName = "";
    private string _scope = "write";
    private string? _issued;

    private TenantId Tenant => current.Id!.Value;

    protected override async Task OnInitializedAsync()
    {
        var settings = (await tenants.GetAsync(Tenant, CancellationToken.None)).Settings;
        (_hot, _warm, _cap, _zone, _region) = (settings.HotThreshold, settings.WarmThreshold, settings.ReviewDailyCap, settings.TimeZone, settings.DefaultRegion);
        (_deal, _currency, _speed, _lot, _second) = (settings.DealValue, settings.Currency, settings.SpeedGoalMinutes, settings.ExplorationRate * 100, settings.SecondReviewRate * 100);
        _shares = settings.SharesPrior;
        _keys = await keyStore.ListAsync(CancellationToken.None);
        _forms = await formStore.ListAsync(CancellationToken.None);
    }

    private async Task SaveAsync()
    {
        // What other cards set stays as it is.
        var settings = (await tenants.GetAsync(Tenant, CancellationToken.None)).Settings with
        {
            HotThreshold = _hot,
            WarmThreshold = _warm,
            ReviewDailyCap = _cap,
            TimeZone = _zone.Trim(),
            SharesPrior = _shares,
            DefaultRegion = _region.Trim().ToUpperInvariant(),
            DealValue = _deal,
            Currency = _currency.Trim().ToUpperInvariant(),
            SpeedGoalMinutes = _speed,
            ExplorationRate = _lot / 100,
            SecondReviewRate = _second / 100,
        };
        var result = await change.ExecuteAsync(Tenant, await ActorAsync(), settings, CancellationToken.None);
        _error = result.Error;
        if (result.IsOk)
        {
            await clock.LoadAsync();
            notifications.Notify(NotificationSeverity.Success, texts["settings.saved"]);
        }
    }

    private async Task IssueAsync()
    {
        IReadOnlyCollection<string> permissions = _scope switch
        {
            "all" => [.. Permission.All],
            "read" => [Permission.LeadsRead, Permission.PipelineRead],
            _ => [Permission.LeadsRead, Permission.LeadsWrite, Permission.ImportsRun, Permission.OutcomesWrite],
        };
        var result = await manageKeys.IssueAsync(Tenant, await ActorAsync(), _keyName, permissions, null, CancellationToken.None);
        if (!result.IsOk)
        {
            notifications.Notify(NotificationSeverity.Error, result.Error.Message);
            return;
        }

        (_issued, _keyName) = (result.Value.Secret, "");
        _keys = await keyStore.ListAsync(CancellationToken.None);
    }

    private async Task RevokeAsync(ApiKeySummary key)
    {
        var sure = await dialogs.Confirm(texts["keys.revoke.text", key.Name], texts["keys.revoke.title"], new ConfirmOptions { OkButtonText = texts["keys.revoke"], CancelButtonText = texts["action.keep"], Width = "460px" });
        if (sure == true)
        {
            await manageKeys.RevokeAsync(Tenant, await ActorAsync(), key.Id, CancellationToken.None);
            _keys = await keyStore.ListAsync(CancellationToken.None);
        }
    }

    private async Task<Actor> ActorAsync() => Claims.ActorOf((await authentication.GetAuthenticationStateAsync()).User);

    private string? ErrorOf(string field) => _error?.Field == field ? _error.Message : null;
}
