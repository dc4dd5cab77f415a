using System.Globalization;
using AIX.Core.Learning;
using AIX.Core.Pipeline;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Api;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;
using Radzen;

namespace AIX.Web.Features.Models;

/// <summary>The registry: what each model is worth, what it looks at, and which one scores.</summary>
public sealed partial class ModelsPage(
    IModelRegistry registry, CheckModel check, ITrainingSchedule schedule, PromoteModel promote, ILiveFeed feed, ICurrentTenant current, Clock clock, TimeProvider time, AuthenticationStateProvider authentication,
    DialogService dialogs, NotificationService notifications, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private IReadOnlyList<ModelSummary>? _models;
    private ModelSummary? _shown;
    private LiveSubscription? _live;
    private ModelHealth? _health;
    private int? _previous;
    private bool _training;
    private string? _progress;

    protected override async Task OnInitializedAsync() => await LoadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && current.Id is { } tenant)
        {
            _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(250), events => InvokeAsync(() => FollowAsync(events)));
            _live.Start(feed, tenant, e => e is TrainingProgressed or ModelPromoted or ModelAlarmed or RescoringProgressed);
        }
    }

    public void Dispose() => _live?.Dispose();

    private async Task FollowAsync(IReadOnlyList<IDomainEvent> events)
    {
        if (events.OfType<TrainingProgressed>().LastOrDefault() is { } step)
        {
            _training = step.Stage is not ("done" or "failed");
            _progress = _training ? texts[$"models.stage.{step.Stage}"].Value : null;
            if (step.Stage == "failed")
            {
                notifications.Notify(NotificationSeverity.Warning, texts["models.failed"], step.Message ?? "", duration: 12_000);
            }
            else if (step.Stage == "done")
            {
                notifications.Notify(NotificationSeverity.Success, texts["models.done", step.Version ?? 0]);
            }
        }

        if (events.OfType<RescoringProgressed>().LastOrDefault() is { } run)
        {
            _progress = run.Done < run.Total ? texts["models.rescoring", run.Done, run.Total].Value : null;
        }

        if (events.Any(e => e is not RescoringProgressed))
        {
            await LoadAsync();
        }

        StateHasChanged();
    }

    private async Task LoadAsync()
    {
        _models = await registry.ListAsync(current.Id!.Value, CancellationToken.None);
        _shown = _models.FirstOrDefault(m => m.Version == _shown?.Version) ?? _models.FirstOrDefault(m => m.Aliases.Contains(ModelAlias.Champion)) ?? (_models is [var newest, ..] ? newest : null);
        await ShowAsync(_shown);
        _previous = (await registry.AliasAsync(current.Id!.Value, ModelAlias.Champion, CancellationToken.None))?.Previous;
    }

    private async Task ShowAsync(ModelSummary? model)
    {
        _shown = model;
        _health = model is null ? null : await check.ExecuteAsync(current.Id!.Value, model, CancellationToken.None);
    }

    private async Task TrainAsync(string[] accepted)
    {
        _training = true;
        _progress = texts["models.stage.requested"];
        await schedule.RequestAsync(current.Id!.Value, await ActorAsync(), "manual", accepted.ToHashSet(StringComparer.Ordinal), CancellationToken.None);
    }

    private async Task PromoteAsync(ModelSummary model)
    {
        if (await IsSureAsync(model.Version))
        {
            Tell(await promote.ExecuteAsync(current.Id!.Value, await ActorAsync(), model.Version, CancellationToken.None));
            await LoadAsync();
        }
    }

    private async Task RollBackAsync()
    {
        if (_previous is { } previous && await IsSureAsync(previous))
        {
            Tell(await promote.RollBackAsync(current.Id!.Value, await ActorAsync(), CancellationToken.None));
            await LoadAsync();
        }
    }

    /// <summary>Shows what would change, and asks.</summary>
    private async Task<bool> IsSureAsync(int version)
    {
        var title = version == PromoteModel.Profile ? texts["models.profile.title"] : texts["models.promote.title", version];
        return await dialogs.OpenAsync<PromoteDialog>(title, new Dictionary<string, object?> { [nameof(PromoteDialog.Version)] = version }, new DialogOptions { Width = "480px" }) is true;
    }

    private void Tell(Result<int> champion)
    {
        if (champion.IsOk)
        {
            notifications.Notify(NotificationSeverity.Success, texts[champion.Value == PromoteModel.Profile ? "models.now.profile" : "models.now", champion.Value]);
        }
        else
        {
            notifications.Notify(NotificationSeverity.Warning, champion.Error.Message);
        }
    }

    private async Task<Core.Auditing.Actor> ActorAsync() => Claims.ActorOf((await authentication.GetAuthenticationStateAsync()).User);

    private IEnumerable<(Confusion Confusion, string Name)> Confusions(Evaluation e)
    {
        string[] names = [texts["band.warm"], texts["band.hot"], texts["models.advised"]];
        return e.Confusions.Select((c, k) => (c, k < names.Length ? names[k] : ""));
    }

    private string Share(FeatureImportance line) =>
        (100 * line.MeanAbsoluteLogit / Math.Max(1e-9, _shown!.Report.Importance[0].MeanAbsoluteLogit)).ToString("0", CultureInfo.InvariantCulture);

    private static string DriftShare(Core.Scoring.FeatureDrift drift) => Math.Min(100, 100 * drift.Psi / (2 * DriftReport.Alarm)).ToString("0", CultureInfo.InvariantCulture);

    /// <summary>Change of the feature's share since the model before; a sign for one that was not there.</summary>
    private string Change(FeatureImportance line)
    {
        if (_models!.FirstOrDefault(m => m.Version < _shown!.Version) is not { } before)
        {
            return "";
        }

        var change = _shown!.Report.ShareOf(line.Name) - before.Report.ShareOf(line.Name);
        return Math.Abs(change) < 0.5 ? "=" : change.ToString("+0;−0", CultureInfo.InvariantCulture) + " %";
    }

    private string Describe(ModelAlarm alarm) => alarm.Kind switch
    {
        "calibration" when Math.Abs(alarm.Value) <= CalibrationCheck.Alarm => texts["models.alarm.order"],
        "calibration" => texts[alarm.Value > 0 ? "models.alarm.low" : "models.alarm.high", F(Math.Abs(alarm.Value))],
        "score" => texts["models.alarm.score", F(alarm.Value)],
        _ => texts["models.alarm.feature", Core.Scoring.RationaleWriter.FeatureName(alarm.Name!, CultureInfo.CurrentUICulture), F(alarm.Value)],
    };

    private static string F(double value) => value.ToString(Math.Abs(value) < 0.0995 ? "0.000" : "0.00", CultureInfo.InvariantCulture);
}
