using System.Globalization;
using AIX.Core.Leads;
using AIX.Core.Pipeline;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Leads;

/// <summary>The lead table: pages, sorts and filters in the database; rows change in place as events come in.</summary>
public sealed partial class LeadsPage(ILeadQueries leads, ITenantStore tenants, ICurrentTenant current, ILiveFeed feed, Clock clock, NavigationManager navigation, TimeProvider time, IStringLocalizer<Texts> texts)
    : ComponentBase, IDisposable
{
    private const int PageSize = 50;
    private static readonly TimeSpan Typing = TimeSpan.FromMilliseconds(150);

    private readonly Stack<string?> _before = new();
    private readonly HashSet<Guid> _flash = [];
    private LiveSubscription? _live;
    private TenantSettings _settings = new();
    private List<LeadRow>? _rows;
    private LeadCounts _counts = new(0, 0, 0, 0, 0);
    private DateTimeOffset _counted;
    private string? _cursor;
    private string? _next;
    private string? _error;
    private int _newLeads;
    private LeadSort _sort = LeadSort.ScoreDescending;
    private CancellationTokenSource? _typing;

    [SupplyParameterFromQuery(Name = "q")]
    public string? Query { get; set; }

    [SupplyParameterFromQuery(Name = "band")]
    public string? Selected { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    public string? SortName { get; set; }

    [SupplyParameterFromQuery(Name = "import")]
    public Guid? ImportId { get; set; }

    private bool Filtered => !string.IsNullOrEmpty(Query) || !string.IsNullOrEmpty(Selected) || ImportId is not null;

    private IEnumerable<(Band Band, string Key, int Count)> Chips =>
        [(Band.Hot, "hot", _counts.Hot), (Band.Warm, "warm", _counts.Warm), (Band.Cold, "cold", _counts.Cold), (Band.Warm, "uncertain", _counts.Uncertain)];

    private string Range
    {
        get
        {
            if (_rows is not { Count: > 0 })
            {
                return "";
            }

            var from = (_before.Count * PageSize) + 1;
            var to = from + _rows.Count - 1;
            return Filtered ? texts["page.range", from, to] : texts["page.rangeOf", from, to, Capped(_counts.All)];
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        _sort = Enum.TryParse<LeadSort>(SortName, out var sort) ? sort : LeadSort.ScoreDescending;
        _before.Clear();
        _cursor = null;
        if (current.Id is { } tenant)
        {
            _settings = (await tenants.GetAsync(tenant, CancellationToken.None)).Settings;
        }

        await LoadAsync();
        await CountAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && current.Id is { } tenant)
        {
            _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(60), events => InvokeAsync(() => OnEventsAsync(events)));
            _live.Start(feed, tenant, e => e is LeadsScored or LeadsRouted or LeadsChanged);
        }
    }

    public void Dispose()
    {
        _live?.Dispose();
        _typing?.Dispose();
    }

    private LeadFilter Filter => new(
        Selected is "uncertain" ? null : Enum.TryParse<Band>(Selected, true, out var band) ? band : null, Selected == "uncertain" ? true : null, Query, _sort, _cursor, PageSize, ImportId);

    private async Task LoadAsync()
    {
        var page = await leads.ListAsync(Filter, CancellationToken.None);
        _error = page.IsOk ? null : page.Error.Message;
        _rows = page.IsOk ? [.. page.Value.Items] : [];
        _next = page.IsOk ? page.Value.NextCursor : null;
        _newLeads = 0;
        _flash.Clear();
    }

    private async Task CountAsync()
    {
        _counted = time.GetUtcNow();
        _counts = await leads.CountsAsync(CancellationToken.None);
    }

    /// <summary>Rows on screen change in place; a page that is not full takes new rows in; otherwise new ones wait behind a button, so that nothing moves under the pointer.</summary>
    private async Task OnEventsAsync(IReadOnlyList<IDomainEvent> events)
    {
        if (_rows is null)
        {
            return;
        }

        var changed = events.SelectMany(e => e switch { LeadsScored s => s.LeadIds, LeadsRouted r => r.LeadIds, _ => [] }).ToHashSet();
        var shown = _rows.Where(r => changed.Contains(r.Id)).Select(r => r.Id).ToList();
        if (_rows.Count < PageSize && _before.Count == 0 && (changed.Count > shown.Count || events.Any(e => e is LeadsChanged)))
        {
            await LoadAsync();
            _flash.UnionWith(changed);
        }
        else
        {
            _newLeads += events.OfType<LeadsChanged>().Sum(e => Math.Max(0, e.Added));
            await RefreshAsync(shown);
        }

        // Rows first; the counts follow when they are there.
        StateHasChanged();
        if (time.GetUtcNow() - _counted > TimeSpan.FromSeconds(2))
        {
            await CountAsync();
            StateHasChanged();
        }
    }

    private async Task RefreshAsync(List<Guid> ids)
    {
        _flash.Clear();
        if (ids.Count == 0 || _rows is null)
        {
            return;
        }

        var fresh = (await leads.RowsAsync(ids, CancellationToken.None)).ToDictionary(r => r.Id);
        for (var i = 0; i < _rows.Count; i++)
        {
            if (fresh.TryGetValue(_rows[i].Id, out var row))
            {
                _rows[i] = row;
                _flash.Add(row.Id);
            }
        }
    }

    private async Task ReloadAsync()
    {
        _before.Clear();
        _cursor = null;
        await LoadAsync();
        await CountAsync();
    }

    private Task NextAsync()
    {
        _before.Push(_cursor);
        _cursor = _next;
        return LoadAsync();
    }

    private Task PreviousAsync()
    {
        _cursor = _before.Pop();
        return LoadAsync();
    }

    private void SelectBand(string band) => Go("band", Selected == band ? null : band);

    private async Task SearchAsync(ChangeEventArgs e)
    {
        if (_typing is not null)
        {
            await _typing.CancelAsync();
            _typing.Dispose();
        }

        var typing = _typing = new CancellationTokenSource();
        try
        {
            await Task.Delay(Typing, time, typing.Token);
            Go("q", e.Value as string is { Length: > 0 } text ? text : null);
        }
        catch (OperationCanceledException)
        {
            // The next key came first.
        }
    }

    private Task ClearAsync()
    {
        navigation.NavigateTo("/leads");
        return Task.CompletedTask;
    }

    private void Sort(LeadSort sort) => Go("sort", sort == LeadSort.ScoreDescending ? null : sort.ToString());

    private void Go(string name, string? value) => navigation.NavigateTo(navigation.GetUriWithQueryParameter(name, value), replace: true);

    private RenderFragment Header(LeadSort ascending, LeadSort descending, string text, string? css) => builder =>
    {
        builder.OpenElement(0, "th");
        builder.AddAttribute(1, "scope", "col");
        builder.AddAttribute(2, "class", css);
        builder.AddAttribute(3, "aria-sort", _sort == ascending ? "ascending" : _sort == descending ? "descending" : null);
        builder.OpenElement(4, "button");
        builder.AddAttribute(5, "onclick", EventCallback.Factory.Create(this, () => Sort(_sort == descending ? ascending : descending)));
        builder.AddContent(6, text);
        if (_sort == ascending || _sort == descending)
        {
            builder.OpenComponent<Components.Icon>(7);
            builder.AddAttribute(8, "Name", "adown");
            builder.AddAttribute(9, "Class", _sort == ascending ? "flip" : null);
            builder.CloseComponent();
        }

        builder.CloseElement();
        builder.CloseElement();
    };

    private string NameOf(LeadRow row) => row.Name ?? row.Email ?? row.Phone ?? row.ExternalId ?? texts["leads.unnamed"];

    private static string Place(LeadRow row) => string.Join(", ", new[] { row.Company ?? row.Title, row.City ?? row.Country }.Where(p => p is not null));

    private static string Capped(int count) => count > 10_000 ? "10,000+" : count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Css(double value) => (value * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Tick(double value) => value.ToString(".##", CultureInfo.InvariantCulture);
}
