using System.Globalization;
using AIX.Core.Enrichment;
using AIX.Core.Leads;
using AIX.Core.Learning;
using AIX.Core.Pipeline;
using AIX.Core.Review;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Components;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;

namespace AIX.Web.Features.Leads;

/// <summary>One lead: who it is, what happened, where the score comes from and which facts say so.</summary>
public sealed partial class LeadPage(
    ILeadDetailQueries leads, ILeadQueries list, ILeadWorkQueries workQueries, IReviewStore reviews, SendToReview send, CurrentUser user, Toasts toasts, RecordOutcome outcomes, ITenantStore tenants, ICurrentTenant current, ILiveFeed feed, Clock clock, TimeProvider time, IJSRuntime js,
    WriteRationale rationale, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private LiveSubscription? _live;
    private TenantSettings _settings = new();
    private LeadDetail? _lead;
    private IReadOnlyList<RationaleLine> _rationale = [];
    private Dictionary<Guid, int> _numbers = [];
    private string? _writer;
    private LeadWork _work = new([], [], [], [], [], []);
    private IReadOnlyList<LeadDecision> _decisions = [];
    private Guid? _mergedInto;
    private bool _overriding;
    private bool _missing;

    [Parameter]
    public Guid Id { get; set; }

    private string Name => _lead!.Lead is var l ? l.Name ?? l.Email ?? l.Phone ?? l.ExternalId ?? texts["leads.unnamed"] : "";

    private string Place => string.Join(", ", new[] { _lead!.Lead.Company, _lead.Lead.City }.Where(p => p is not null));

    private IEnumerable<(string Key, string Value)> Identity => new (string, string?)[]
    {
        ("name", _lead!.Lead.Name), ("title", _lead.Lead.Title), ("company", _lead.Lead.Company), ("website", _lead.Domain), ("city", _lead.Lead.City), ("country", _lead.Lead.Country), ("externalId", _lead.Lead.ExternalId),
    }.Where(f => f.Item2 is not null).Select(f => (f.Item1, f.Item2!));

    private string Unknown => string.Join(", ", _lead!.Ledger!.Contributions.Where(c => c.FactIds.Count == 0).Select(c => RationaleWriter.FeatureName(c.Feature, CultureInfo.CurrentUICulture).ToLower(CultureInfo.CurrentUICulture)).Distinct());

    protected override async Task OnParametersSetAsync()
    {
        _settings = (await tenants.GetAsync(current.Id!.Value, CancellationToken.None)).Settings;
        await LoadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && current.Id is { } tenant)
        {
            _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(300), _ => InvokeAsync(async () =>
            {
                await LoadAsync();
                StateHasChanged();
            }));
            _live.Start(feed, tenant, e => e is LeadsScored s && s.LeadIds.Contains(Id) || e is LeadsRouted r && r.LeadIds.Contains(Id) || e is LeadsTouched t && t.LeadIds.Contains(Id) || e is AIX.Core.Calls.CallChanged c && c.LeadId == Id);
        }
    }

    /// <summary>The language model takes its time: what is written by rule stands until then.</summary>
    private async Task AskForWordsAsync()
    {
        var lead = _lead!;
        try
        {
            var written = await rationale.ExecuteAsync(current.Id!.Value, lead, CultureInfo.CurrentUICulture, CancellationToken.None);
            if (ReferenceEquals(lead, _lead) && written.Writer is not null)
            {
                (_rationale, _writer) = (written.Lines, written.Writer);
                StateHasChanged();
            }
        }
        catch (Exception ex)
        {
            await DispatchExceptionAsync(ex);
        }
    }

    public void Dispose() => _live?.Dispose();

    private async Task LoadAsync()
    {
        var (work, decisions) = (workQueries.OfAsync(Id, CancellationToken.None), reviews.OfLeadAsync(current.Id!.Value, Id, CancellationToken.None));
        _lead = await leads.GetAsync(Id, CancellationToken.None);
        (_work, _decisions) = (await work, await decisions);
        _missing = _lead is null;
        _mergedInto = _missing ? await list.MergedIntoAsync(Id, CancellationToken.None) : null;
        if (_lead is not null)
        {
            _numbers = _lead.Facts.Select((f, i) => (f.Id, Number: i + 1)).DistinctBy(f => f.Id).ToDictionary(f => f.Id, f => f.Number);
            _rationale = _lead.Ledger is null ? [] : RationaleWriter.Write(_lead.Ledger, _lead.Facts, CultureInfo.CurrentUICulture);
            _writer = null;
            if (rationale.IsAsked)
            {
                _ = InvokeAsync(AskForWordsAsync);
            }
        }
    }

    private async Task RecordAsync(OutcomeResult result)
    {
        var recorded = await outcomes.ExecuteAsync(current.Id!.Value, user.Actor, Id, new OutcomeReport(result, null), CancellationToken.None);
        if (!recorded.IsOk)
        {
            toasts.Error(recorded.Error.Message);
            return;
        }

        toasts.Show(texts[$"lead.recorded.{result}"], action: texts["action.undo"], act: async () => toasts.Tell((await outcomes.UndoAsync(current.Id!.Value, user.Actor, recorded.Value.Id, CancellationToken.None)).Error));
        await LoadAsync();
    }

    private async Task SendAsync()
    {
        var sent = await send.ExecuteAsync(current.Id!.Value, user.Actor, [Id], null, CancellationToken.None);
        toasts.Show(sent.IsOk ? texts["review.sent", Name] : sent.Error.Message, icon: sent.IsOk ? "check" : "warn");
        await LoadAsync();
    }

    /// <summary>Change of the chance per week (41), by scores of one model: a new model's scores are another scale. Null when nothing moved.</summary>
    private double? Velocity()
    {
        var scored = _lead!.History.Where(h => h.Kind == "scored" && h.ModelVersion == _lead.Lead.ModelVersion && h.At > time.GetUtcNow().AddDays(-90)).Select(h => (h.At, h.Score!.Value)).Reverse().ToList();
        return scored.Count < 2 || scored[^1].At - scored[0].At < TimeSpan.FromHours(1) || Relevance.Velocity(scored) * 7 is not { } week || Math.Abs(week) < 0.005 ? null : week;
    }

    /// <summary>The three loudest on each side; nothing for a side that has none.</summary>
    private IEnumerable<(string Title, IReadOnlyList<RationaleLine> Lines)> Sides(Ledger ledger) =>
        new[] { (texts["lead.for"].Value, RationaleWriter.Loudest(ledger, true, 3, CultureInfo.CurrentUICulture)), (texts["lead.against"].Value, RationaleWriter.Loudest(ledger, false, 3, CultureInfo.CurrentUICulture)) }
            .Where(s => s.Item2.Count > 0);

    private async Task ShowFactAsync(Guid fact) => await js.InvokeVoidAsync("aix.scrollTo", $"fact-{fact}");

    private string Cite(Guid fact) => _numbers.TryGetValue(fact, out var number) ? $"F{number.ToString(CultureInfo.InvariantCulture)}" : "F?";

    private string Describe(HistoryEntry entry) => entry.Kind switch
    {
        "scored" => texts["lead.history.scored", ScoreInterval.Show(entry.Score!.Value)],
        "outcome" => texts[$"lead.history.{entry.Text}"],
        "changed" => texts["lead.history.changed", entry.Text!],
        _ => texts["lead.history.received", SourceName(entry.Text ?? "")],
    };

    private string SourceName(string source) => texts[$"source.{source}"] is { ResourceNotFound: false } known ? known : source;

    /// <summary>"Company size unknown: interval ±0.07 wider".</summary>
    private string Widened(LeadDetail lead) =>
        string.Join("; ", lead.Unknown.Take(4).Select(u => texts["ledger.widened", RationaleWriter.FeatureName(u.Feature, CultureInfo.CurrentUICulture), u.HalfWidth.ToString("0.00", CultureInfo.InvariantCulture)].Value)) + ".";

    /// <summary>Only an address that a browser may follow.</summary>
    private static string? Link(Fact fact) => Uri.TryCreate(fact.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url.AbsoluteUri : null;

    private static string Percent(double share) => Math.Round(100 * share).ToString("0", CultureInfo.InvariantCulture);

    private string FieldName(string attribute) => texts[$"field.{attribute}"] is { ResourceNotFound: false } known ? known : attribute;

    private string Shown(Fact fact) => fact.Attribute == "receivedVia" ? SourceName(fact.Value) : fact.Value;

    private static string Css(double value) => (value * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Tick(double value) => value.ToString(".00", CultureInfo.InvariantCulture);
}
