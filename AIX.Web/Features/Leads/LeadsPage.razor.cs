using System.Globalization;
using AIX.Core.Leads;
using AIX.Core.Pipeline;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Leads;

/// <summary>The lead table: pages, sorts and filters in the database; rows change in place as events come in.</summary>
public sealed partial class LeadsPage(
    ILeadQueries leads, ManageViews views, BulkWork bulk, IPeople people, ITenantStore tenants, ICurrentTenant current, CurrentUser user, ILiveFeed feed, Clock clock, Toasts toasts, NavigationManager navigation, TimeProvider time,
    IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private const int PageSize = 50;
    private static readonly TimeSpan Typing = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(2);

    private readonly Stack<string?> _before = new();
    private readonly HashSet<Guid> _flash = [];
    private readonly RowSelection _selection = new();
    private LiveSubscription? _live;
    private LiveSubscription? _liveCounts;
    private TenantSettings _settings = new();
    private Preferences _preferences = new();
    private LeadFilter _filter = new();
    private IReadOnlyList<LeadColumn> _columns = LeadColumns.Of([]);
    private IReadOnlyList<ViewRow> _views = [];
    private IReadOnlyList<Person> _people = [];
    private IReadOnlyList<string> _tags = [];
    private List<LeadRow>? _rows;
    private LeadCounts _counts = new(0, 0, 0, 0, 0);
    private (LeadRow Row, double Top)? _popover;
    private string? _cursor;
    private string? _next;
    private string? _error;
    private string? _query;
    private string? _sent;
    private string? _panel;
    private int? _matching;
    private int _newLeads;
    private bool _missed;
    private CancellationTokenSource? _typing;

    private TenantId Tenant => current.Id!.Value;

    private string? Selected => _filter.Uncertain == true ? "uncertain" : _filter.Band?.ToString().ToLowerInvariant();

    private IEnumerable<(Band Band, string Key, int Count)> Chips =>
        [(Band.Hot, "hot", _counts.Hot), (Band.Warm, "warm", _counts.Warm), (Band.Cold, "cold", _counts.Cold), (Band.Warm, "uncertain", _counts.Uncertain)];

    private IEnumerable<(string Name, string Href, bool On, bool Shared)> Tabs
    {
        get
        {
            var here = LeadFilterUrl.Write(_filter with { Sort = default, Then = null }, user.Id);
            (string, LeadFilter, bool)[] tabs =
            [
                (texts["views.all"].Value, new LeadFilter(), false),
                (texts["views.myhot"].Value, new LeadFilter(Band.Hot) { OwnerId = user.Id }, false),
                (texts["views.mine"].Value, new LeadFilter { OwnerId = user.Id }, false),
                (texts["views.review"].Value, new LeadFilter { InReview = true }, false),
                .. _views.Select(v => (v.Name, v.Definition.Filter, v.Shared && !v.Mine)),
            ];
            return tabs.Select(t => (t.Item1, LeadFilterUrl.Write(t.Item2, user.Id), LeadFilterUrl.Write(t.Item2 with { Sort = default, Then = null }, user.Id) == here, t.Item3));
        }
    }

    /// <summary>Every condition beside text and band, in words, and the filter without it.</summary>
    private IReadOnlyList<(string Text, LeadFilter Without)> Conditions => FilterWords.Of(_filter, user.Id, _people, texts, clock);

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

            // Rows are live at once, counts a moment later: what is on the screen has been counted in any case.
            return (_filter.Narrows ? _matching : _counts.All) is { } n ? texts["page.rangeOf", from, to, Capped(Math.Max(n, to))] : texts["page.range", from, to];
        }
    }

    protected override async Task OnInitializedAsync()
    {
        if (current.Id is null)
        {
            return;
        }

        _preferences = await people.PreferencesAsync(Tenant, user.Id, CancellationToken.None);
        _columns = LeadColumns.Of(_preferences.Columns);
        _views = await views.ListAsync(Tenant, user.Id, CancellationToken.None);
        _people = await people.ListAsync(Tenant, CancellationToken.None);
        _tags = await leads.TagsAsync(CancellationToken.None);
    }

    protected override async Task OnParametersSetAsync()
    {
        _filter = LeadFilterUrl.Read(navigation.Uri, user.Id);
        // What is being typed is newer than the address that an earlier key led to.
        if (_filter.Query != _sent)
        {
            (_query, _sent) = (_filter.Query, _filter.Query);
        }

        _before.Clear();
        (_cursor, _panel, _matching) = (null, null, null);
        _selection.Reset();
        if (current.Id is { } tenant)
        {
            _settings = (await tenants.GetAsync(tenant, CancellationToken.None)).Settings;
        }

        await LoadAsync();
        if (_missed)
        {
            _missed = false;
            await LoadAsync();
        }

        StateHasChanged();
        await CountAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && current.Id is { } tenant)
        {
            navigation.LocationChanged += OnLocationChanged;
            _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(60), events => InvokeAsync(() => OnEventsAsync(events)));
            _live.Start(feed, tenant, e => e is LeadsScored or LeadsRouted or LeadsChanged or LeadsTouched);
            _liveCounts = new LiveSubscription(time, CountEvery, _ => InvokeAsync(async () =>
            {
                await CountAsync();
                StateHasChanged();
            }));
            _liveCounts.Start(feed, tenant, e => e is LeadsScored or LeadsRouted or LeadsChanged);
        }
    }

    public void Dispose()
    {
        navigation.LocationChanged -= OnLocationChanged;
        _live?.Dispose();
        _liveCounts?.Dispose();
        _typing?.Dispose();
    }

    /// <summary>Only the query changes: the page stays and loads anew.</summary>
    private void OnLocationChanged(object? sender, Microsoft.AspNetCore.Components.Routing.LocationChangedEventArgs e)
    {
        if (navigation.ToBaseRelativePath(e.Location).Split('?')[0] == "leads")
        {
            _ = InvokeAsync(async () =>
            {
                await OnParametersSetAsync();
                StateHasChanged();
            });
        }
    }

    private async Task LoadAsync()
    {
        var page = await leads.ListAsync(_filter with { Cursor = _cursor, Limit = PageSize }, CancellationToken.None);
        _error = page.IsOk ? null : page.Error.Message;
        _rows = page.IsOk ? [.. page.Value.Items] : [];
        _next = page.IsOk ? page.Value.NextCursor : null;
        _newLeads = 0;
        _flash.Clear();
    }

    private async Task CountAsync()
    {
        _counts = await leads.CountsAsync(CancellationToken.None);
        _matching = _filter.Narrows ? await leads.CountAsync(_filter, CancellationToken.None) : null;
    }

    /// <summary>Rows on screen change in place; a page that is not full takes new rows in; otherwise new ones wait behind a button, so that nothing moves under the pointer.</summary>
    private async Task OnEventsAsync(IReadOnlyList<IDomainEvent> events)
    {
        if (_rows is null)
        {
            // The first page is being read, perhaps as it was before this.
            _missed = true;
            return;
        }

        var changed = events.SelectMany(e => e switch { LeadsScored s => s.LeadIds, LeadsRouted r => r.LeadIds, LeadsTouched t => t.LeadIds, _ => [] }).ToHashSet();
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

        StateHasChanged();
    }

    private async Task RefreshAsync(List<Guid> ids)
    {
        _flash.Clear();
        if (ids.Count == 0 || _rows is null)
        {
            return;
        }

        var fresh = (await leads.LiveRowsAsync(ids, CancellationToken.None)).ToDictionary(r => r.Id);
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

    private void SelectBand(string band) => Go(Selected == band ? _filter with { Band = null, Uncertain = null } : band == "uncertain" ? _filter with { Band = null, Uncertain = true } : _filter with { Band = Enum.Parse<Band>(band, true), Uncertain = null });

    private async Task SearchAsync()
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
            _sent = _query is { Length: > 0 } text ? text : null;
            Go(_filter with { Query = _sent });
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

    private void Toggle(string panel) => _panel = _panel == panel ? null : panel;

    private void Close() => _panel = null;

    private void Go(LeadFilter filter) => navigation.NavigateTo(LeadFilterUrl.Write(filter, user.Id), replace: true);

    /// <summary>A click sorts; with Shift it decides among equals.</summary>
    private void Sort((LeadSort Ascending, LeadSort Descending, bool AsSecond) by)
    {
        var (ascending, descending, asSecond) = by;
        var current = asSecond ? _filter.Then : _filter.Sort;
        var next = current == descending ? ascending : descending;
        Go(asSecond ? _filter with { Then = next } : _filter with { Sort = next, Then = null });
    }

    // ── selection ──

    private async Task SelectAllAsync()
    {
        _matching ??= await leads.CountAsync(_filter, CancellationToken.None);
        _selection.TakeAll();
    }

    private void OpenCurrent()
    {
        if (_rows is not null && _selection.At >= 0 && _selection.At < _rows.Count)
        {
            navigation.NavigateTo($"/leads/{_rows[_selection.At].Id}");
        }
    }

    // ── bulk work, views, columns ──

    private async Task StartAsync((BulkKind Kind, BulkArguments Arguments) work)
    {
        var filter = _selection.All ? _filter : new LeadFilter { Ids = [.. _selection.Ids] };
        var started = await bulk.StartAsync(Tenant, user.Actor, work.Kind, filter, work.Arguments, CancellationToken.None);
        if (!started.IsOk)
        {
            toasts.Error(started.Error.Message);
            return;
        }

        _selection.Clear();
    }

    private async Task ExportAsync()
    {
        var started = await bulk.StartAsync(Tenant, user.Actor, BulkKind.Export, _filter, new BulkArguments(), CancellationToken.None);
        toasts.Show(started.IsOk ? texts["bulk.exporting"] : started.Error.Message, icon: started.IsOk ? "download" : "warn");
    }

    private async Task ViewsChangedAsync()
    {
        _panel = null;
        _views = await views.ListAsync(Tenant, user.Id, CancellationToken.None);
    }

    private async Task SetColumnsAsync(IReadOnlyList<string> columns)
    {
        _columns = LeadColumns.Of(columns);
        await SaveAsync(p => p with { Columns = columns });
    }

    private Task SetDensityAsync(string density) => SaveAsync(p => p with { Density = density });

    private async Task SaveAsync(Func<Preferences, Preferences> change)
    {
        _preferences = change(await people.PreferencesAsync(Tenant, user.Id, CancellationToken.None));
        await people.SaveAsync(Tenant, user.Id, _preferences, CancellationToken.None);
    }

    private void ShowFactors((LeadRow Row, double Top) at) => _popover = at;

    private void HideFactors() => _popover = null;

    private void SelectRow(Guid lead) => _selection.Toggle(_rows, _rows?.FindIndex(r => r.Id == lead) ?? -1);

    private static string Capped(int count) => count > 10_000 ? "10,000+" : count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Css(double value) => (value * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
