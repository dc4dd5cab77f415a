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

    private readonly Stack<string?> _before = new();
    private readonly HashSet<Guid> _flash = [];
    private readonly HashSet<Guid> _selected = [];
    private LiveSubscription? _live;
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
    private DateTimeOffset _counted;
    private string? _cursor;
    private string? _next;
    private string? _error;
    private string? _query;
    private string? _sent;
    private string? _panel;
    private int? _matching;
    private int _newLeads;
    private int _at = -1;
    private int _from;
    private bool _all;
    private CancellationTokenSource? _typing;

    private TenantId Tenant => current.Id!.Value;

    private string? Selected => _filter.Uncertain == true ? "uncertain" : _filter.Band?.ToString().ToLowerInvariant();

    private bool AllOnPage => _rows is { Count: > 0 } && _rows.TrueForAll(r => IsSelected(r.Id));

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
    private IEnumerable<(string Text, LeadFilter Without)> Conditions
    {
        get
        {
            if (_filter.State is { } state) { yield return (texts[$"state.{state}"], _filter with { State = null }); }
            if (_filter.Unowned) { yield return (texts["leads.unowned"], _filter with { Unowned = false }); }
            if (_filter.OwnerId is { } owner) { yield return (owner == user.Id ? texts["filter.mine"] : _people.FirstOrDefault(p => p.Id == owner)?.Name ?? "?", _filter with { OwnerId = null }); }
            if (_filter.Tag is { } tag) { yield return ("#" + tag, _filter with { Tag = null }); }
            if (_filter.ScoreFrom is not null || _filter.ScoreTo is not null) { yield return (texts["filter.scorebetween", (_filter.ScoreFrom ?? 0).ToString("0.00", CultureInfo.InvariantCulture), (_filter.ScoreTo ?? 1).ToString("0.00", CultureInfo.InvariantCulture)], _filter with { ScoreFrom = null, ScoreTo = null }); }
            if (_filter.Company is { } company) { yield return ($"{texts["field.company"]}: {company}", _filter with { Company = null }); }
            if (_filter.City is { } city) { yield return ($"{texts["field.city"]}: {city}", _filter with { City = null }); }
            if (_filter.Country is { } country) { yield return ($"{texts["field.country"]}: {country}", _filter with { Country = null }); }
            if (_filter.Title is { } title) { yield return ($"{texts["field.title"]}: {title}", _filter with { Title = null }); }
            if (_filter.InReview) { yield return (texts["leads.inreview"], _filter with { InReview = false }); }
            if (_filter.Overridden) { yield return (texts["lead.overridden"], _filter with { Overridden = false }); }
            if (_filter.DueBy is not null) { yield return (texts["filter.due"], _filter with { DueBy = null }); }
            if (_filter.ReceivedFrom is { } since) { yield return (texts["filter.since", clock.Show(since, texts["time.today"])], _filter with { ReceivedFrom = null }); }
            if (_filter.ImportId is not null) { yield return (texts["filter.import"], _filter with { ImportId = null }); }
        }
    }

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
            return _filter.Narrows ? _matching is { } n ? texts["page.rangeOf", from, to, Capped(n)] : texts["page.range", from, to] : texts["page.rangeOf", from, to, Capped(_counts.All)];
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
        (_cursor, _panel, _at, _matching) = (null, null, -1, null);
        ClearSelection();
        if (current.Id is { } tenant)
        {
            _settings = (await tenants.GetAsync(tenant, CancellationToken.None)).Settings;
        }

        await LoadAsync();
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
        }
    }

    public void Dispose()
    {
        navigation.LocationChanged -= OnLocationChanged;
        _live?.Dispose();
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
        _counted = time.GetUtcNow();
        _counts = await leads.CountsAsync(CancellationToken.None);
        _matching = _filter.Narrows ? await leads.CountAsync(_filter, CancellationToken.None) : null;
    }

    /// <summary>Rows on screen change in place; a page that is not full takes new rows in; otherwise new ones wait behind a button, so that nothing moves under the pointer.</summary>
    private async Task OnEventsAsync(IReadOnlyList<IDomainEvent> events)
    {
        if (_rows is null)
        {
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

        // Rows first; the counts follow when they are there.
        StateHasChanged();
        if (events.Any(e => e is not LeadsTouched) && time.GetUtcNow() - _counted > TimeSpan.FromSeconds(2))
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
    private void Sort(LeadSort ascending, LeadSort descending, bool asSecond)
    {
        var current = asSecond ? _filter.Then : _filter.Sort;
        var next = current == descending ? ascending : descending;
        Go(asSecond ? _filter with { Then = next } : _filter with { Sort = next, Then = null });
    }

    private RenderFragment Header(string key, LeadSort? ascending, LeadSort? descending, string? css) => builder =>
    {
        var text = key == "name" ? texts["leads.lead"].Value : texts[$"column.{key}"].Value;
        if (key == "interval")
        {
            builder.AddMarkupContent(0, string.Create(CultureInfo.InvariantCulture, $"<th scope=\"col\" class=\"ivh\" aria-label=\"{System.Net.WebUtility.HtmlEncode(text)}\"><span style=\"left:0\">0</span><span style=\"left:{Css(_settings.WarmThreshold)}\">{Tick(_settings.WarmThreshold)}</span><span style=\"left:{Css(_settings.HotThreshold)}\">{Tick(_settings.HotThreshold)}</span></th>"));
            return;
        }

        var sorted = _filter.Sort == ascending || _filter.Sort == descending;
        var second = _filter.Then is not null && (_filter.Then == ascending || _filter.Then == descending);
        builder.OpenElement(1, "th");
        builder.AddAttribute(2, "scope", "col");
        builder.AddAttribute(3, "class", css);
        builder.AddAttribute(4, "aria-sort", ascending is null ? null : _filter.Sort == ascending ? "ascending" : _filter.Sort == descending ? "descending" : null);
        if (ascending is { } up && descending is { } down)
        {
            builder.OpenElement(5, "button");
            builder.AddAttribute(6, "title", texts["table.sorthint"].Value);
            builder.AddAttribute(7, "onclick", EventCallback.Factory.Create<MouseEventArgs>(this, e => Sort(up, down, e.ShiftKey)));
            builder.AddContent(8, text);
            if (sorted || second)
            {
                builder.OpenComponent<Components.Icon>(9);
                builder.AddAttribute(10, "Name", "adown");
                builder.AddAttribute(11, "Class", (_filter.Sort == up || _filter.Then == up ? "flip" : "") + (second ? " t3" : ""));
                builder.CloseComponent();
            }

            builder.CloseElement();
        }
        else
        {
            builder.AddContent(12, text);
        }

        builder.CloseElement();
    };

    // ── selection ──

    private bool IsSelected(Guid id) => _all || _selected.Contains(id);

    private void Select(int at)
    {
        if (_rows is null || at < 0 || at >= _rows.Count)
        {
            return;
        }

        (_all, _at, _from) = (false, at, at);
        if (!_selected.Remove(_rows[at].Id))
        {
            _selected.Add(_rows[at].Id);
        }
    }

    private void SelectRange()
    {
        if (_rows is not null && _at >= 0)
        {
            _selected.UnionWith(_rows.Skip(Math.Min(_from, _at)).Take(Math.Abs(_at - _from) + 1).Select(r => r.Id));
        }
    }

    private void SelectPage(ChangeEventArgs e)
    {
        ClearSelection();
        if (e.Value is true && _rows is not null)
        {
            _selected.UnionWith(_rows.Select(r => r.Id));
        }
    }

    private async Task SelectAllAsync()
    {
        _matching ??= await leads.CountAsync(_filter, CancellationToken.None);
        _all = true;
    }

    private void ClearSelection()
    {
        _selected.Clear();
        _all = false;
    }

    private void Move(int step) => _at = _rows is null ? -1 : Math.Clamp(_at + step, 0, Math.Max(0, _rows.Count - 1));

    private void OpenCurrent()
    {
        if (_rows is not null && _at >= 0 && _at < _rows.Count)
        {
            navigation.NavigateTo($"/leads/{_rows[_at].Id}");
        }
    }

    // ── bulk work, views, columns ──

    private async Task StartAsync((BulkKind Kind, BulkArguments Arguments) work)
    {
        var filter = _all ? _filter : new LeadFilter { Ids = [.. _selected] };
        var started = await bulk.StartAsync(Tenant, user.Actor, work.Kind, filter, work.Arguments, CancellationToken.None);
        if (!started.IsOk)
        {
            toasts.Error(started.Error.Message);
            return;
        }

        ClearSelection();
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

    private void SelectRow(Guid lead) => Select(_rows?.FindIndex(r => r.Id == lead) ?? -1);

    private static string Capped(int count) => count > 10_000 ? "10,000+" : count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Css(double value) => (value * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Tick(double value) => value.ToString(".##", CultureInfo.InvariantCulture);
}
