using System.Globalization;
using AIX.Core.Campaigns;
using AIX.Core.Compliance;
using AIX.Core.Insights;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Analytics;

/// <summary>What the heatmap shows of each hour.</summary>
public enum HeatMetric
{
    Answered,
    Won,
    OptOuts,
}

/// <summary>When people answer, and what calls come to, by anything that matters; the filter stands in the address.</summary>
public sealed partial class CallAnalytics(
    ICallAnalytics analytics, ICampaignQueries campaigns, ICurrentTenant current, ILiveFeed feed, Clock clock, NavigationManager navigation, TimeProvider time, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private const int Enough = 30;
    private const int First = 8;
    private const int Last = 21;
    private const int TopSlots = 5;
    private const int TopOutcomes = 6;

    private IReadOnlyList<HeatCell>? _cells;
    private IReadOnlyList<CallGroup> _groups = [];
    private IReadOnlyList<CampaignRow> _campaigns = [];
    private IReadOnlyList<string> _regions = [];
    private IReadOnlyList<(string Band, string Outcome, int Calls)> _bands = [];
    private HeatMetric _metric;
    private CallGrouping _by;
    private DateOnly _from;
    private DateOnly _to;
    private string _campaign = "";
    private string _language = "";
    private string _region = "";
    private string _variant = "";
    private LiveSubscription? _live;

    private TenantId Tenant => current.Id!.Value;

    private int Placed => _cells!.Sum(c => c.Placed);

    private int Answered => _cells!.Sum(c => c.Answered);

    private List<HeatCell> Best => [.. _cells!.Where(c => c.Placed >= Enough).OrderByDescending(c => Rate(Value(c), c.Placed)).Take(TopSlots)];

    private List<string> Outcomes => [.. _bands.GroupBy(b => b.Outcome).OrderByDescending(g => g.Sum(b => b.Calls)).Take(TopOutcomes).Select(g => g.Key)];

    private static readonly string[] BandOrder = ["Hot", "Warm", "Cold", ""];

    private IEnumerable<string> Bands => BandOrder.Where(b => _bands.Any(r => r.Band == b));

    private CallFilter Filter => new(_from, _to, Guid.TryParse(_campaign, out var id) ? id : null, Text(_language), Text(_region), Text(_variant));

    protected override async Task OnInitializedAsync()
    {
        var query = QueryHelpers.ParseQuery(new Uri(navigation.Uri).Query);
        string Of(string name) => query.TryGetValue(name, out var value) && value.ToString() is { Length: <= 100 } text ? text : "";
        var today = DateOnly.FromDateTime(clock.ToLocal(clock.Now));
        _from = DateOnly.TryParseExact(Of("from"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from) ? from : today.AddDays(-55);
        _to = DateOnly.TryParseExact(Of("to"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var to) ? to : today;
        (_campaign, _language, _region, _variant) = (Of("campaign"), Of("language"), Of("region"), Of("variant"));
        _campaigns = await campaigns.ListAsync(Tenant, 100, CancellationToken.None);
        await LoadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _live = new LiveSubscription(time, TimeSpan.FromSeconds(2), _ => InvokeAsync(async () =>
            {
                await LoadAsync();
                StateHasChanged();
            }));
            _live.Start(feed, Tenant, e => e is CampaignChanged);
        }
    }

    public void Dispose() => _live?.Dispose();

    private async Task LoadAsync()
    {
        _cells = await analytics.HeatmapAsync(Tenant, Filter, CancellationToken.None);
        _groups = await analytics.GroupsAsync(Tenant, Filter, _by, CancellationToken.None);
        _regions = [.. (await analytics.GroupsAsync(Tenant, Filter with { Region = null }, CallGrouping.Region, CancellationToken.None)).Select(g => g.Key).Where(k => k.Length > 0).Order()];
        _bands = await analytics.BandsAsync(Tenant, Filter, CancellationToken.None);
    }

    private async Task Go()
    {
        navigation.NavigateTo(QueryHelpers.AddQueryString("/analytics", Values()), replace: true);
        await LoadAsync();
    }

    private async Task ByAsync(CallGrouping by)
    {
        _by = by;
        _groups = await analytics.GroupsAsync(Tenant, Filter, by, CancellationToken.None);
    }

    private string File(string kind) => QueryHelpers.AddQueryString($"/app/analytics/calls.{kind}", Values());

    private Dictionary<string, string?> Values() => new Dictionary<string, string?>
    {
        ["from"] = _from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["to"] = _to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["campaign"] = _campaign,
        ["language"] = _language,
        ["region"] = _region,
        ["variant"] = _variant,
    }.Where(v => !string.IsNullOrEmpty(v.Value)).ToDictionary(v => v.Key, v => v.Value);

    private int Value(HeatCell cell) => _metric switch { HeatMetric.Answered => cell.Answered, HeatMetric.Won => cell.Won, _ => cell.OptOuts };

    private HeatCell CellOf(int weekday, int hour) => _cells!.FirstOrDefault(c => c.Weekday == weekday && c.Hour == hour) ?? new HeatCell(weekday, hour, 0, 0, 0, 0);

    /// <summary>One hue from light to dark, so that it reads without telling colours apart; ink turns light where the ground is dark.</summary>
    private string Colour(HeatCell cell)
    {
        if (cell.Placed < Enough)
        {
            return "";
        }

        var most = _cells!.Where(c => c.Placed >= Enough).Max(c => Rate(Value(c), c.Placed));
        var share = most == 0 ? 0 : Rate(Value(cell), cell.Placed) / most;
        return $"--heat:{(20 + (80 * share)).ToString("0", CultureInfo.InvariantCulture)}%;{(share > 0.45 ? "color:var(--on-accent)" : "color:var(--text)")}";
    }

    private static bool IsLawful(int hour) => hour >= RulePack.Shipped.Countries[0].Promotional.Open && hour < RulePack.Shipped.Countries[0].Promotional.Close;

    private string KeyOf(string key) => key.Length > 0 ? _by == CallGrouping.Language ? key == "hi" ? "हिंदी" : "English" : key : texts["analytics.nokey"];

    private static string DayName(int weekday) => CultureInfo.CurrentUICulture.DateTimeFormat.GetAbbreviatedDayName((DayOfWeek)((weekday + 1) % 7));

    private static double Rate(int part, int all) => all == 0 ? 0 : part / (double)all;

    private static string Percent(double share) => Math.Round(100 * share).ToString("0", CultureInfo.InvariantCulture) + " %";

    private static string Show(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string? Text(string text) => text.Length > 0 ? text : null;
}
