using System.Globalization;
using System.Text.Json;
using AIX.Core.Calls;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Calls;

/// <summary>Calls as they happen: who is on the line, what was said last, the transcript beside it.</summary>
public sealed partial class CallsPage(
    ICallStore store, ManageCalls manage, ITelephony telephony, ICurrentTenant current, CurrentUser user, RecordingLinks links, ILiveFeed feed, Toasts toasts, Clock clock, NavigationManager navigation, TimeProvider time, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private const int Shown = 100;

    private IReadOnlyList<CallRow>? _rows;
    private IReadOnlyList<CallRow> _today = [];
    private IReadOnlyList<CallTurn> _turns = [];
    private Call? _call;
    private CallRow? _row;
    private CallRecording? _recording;
    private string? _media;
    private string? _said;
    private bool _openOnly = true;
    private bool _busy;
    private int _talking;
    private int _ringing;
    private int _most;
    private string _routes = "";
    private LiveSubscription? _live;
    private ITimer? _ages;

    [Parameter]
    public Guid? Id { get; set; }

    private TenantId Tenant => current.Id!.Value;

    private int Answered => _today.Count(r => r.AnsweredAt is not null);

    private double? Reply => _today.Where(r => r.LastMs is not null).Select(r => r.LastMs!.Value).Order().ToList() is { Count: > 0 } ms ? ms[ms.Count / 2] : null;

    protected override async Task OnInitializedAsync()
    {
        (_most, _routes) = (telephony.Routes.Sum(r => r.MaxConcurrent), string.Join(", ", telephony.Routes.Select(r => r.Name)));

        // A link to one call is followed from anywhere: the list behind it shows it whether or not it goes on.
        _openOnly = Id is null;
        await LoadAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (Id != _call?.Id)
        {
            await OpenAsync();
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(400), _ => InvokeAsync(async () =>
        {
            await LoadAsync();
            await OpenAsync();
            StateHasChanged();
        }));
        _live.Start(feed, Tenant, e => e is CallChanged);
        _ages = time.CreateTimer(_ => InvokeAsync(() =>
        {
            if (_talking + _ringing > 0)
            {
                StateHasChanged();
            }
        }), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        _live?.Dispose();
        _ages?.Dispose();
    }

    private async Task LoadAsync()
    {
        var all = await store.ListAsync(Tenant, null, false, Shown, CancellationToken.None);
        var found = _said is { Length: > 1 } said ? await store.ListAsync(Tenant, null, false, Shown, CancellationToken.None, said) : null;
        var open = await store.ListAsync(Tenant, null, true, Shown, CancellationToken.None);
        _rows = found ?? (_openOnly ? open : all);
        _today = [.. all.Where(r => r.CreatedAt >= clock.Today)];
        _talking = open.Count(r => r.State == CallState.InProgress);
        _ringing = open.Count - _talking;
    }

    private async Task OpenAsync()
    {
        if (Id is not { } id || await store.FindAsync(Tenant, id, CancellationToken.None) is not { } call)
        {
            (_call, _turns, _row, _recording) = (null, [], null, null);
            return;
        }

        _call = call;
        _turns = await store.TurnsAsync(Tenant, id, CancellationToken.None);
        var recording = await store.RecordingAsync(Tenant, id, CancellationToken.None);
        if (recording?.BlobKey != _recording?.BlobKey)
        {
            // One link per opening: a new one under the player would start it over.
            _media = links.Make(Tenant, id, user.Id);
        }

        _recording = recording;
        _row = (await store.ListAsync(Tenant, call.LeadId, false, Shown, CancellationToken.None)).FirstOrDefault(r => r.Id == id);
    }

    private Task SearchAsync() => LoadAsync();

    private async Task ShowAsync(bool openOnly)
    {
        _openOnly = openOnly;
        await LoadAsync();
    }

    private void Open(Guid id) => navigation.NavigateTo($"/calls/{id}");

    private Task EndAsync() => DoAsync(() => manage.EndAsync(Tenant, user.Actor, _call!.Id, CancellationToken.None));

    private Task TakeOverAsync() => DoAsync(() => manage.TakeOverAsync(Tenant, user.Actor, _call!.Id, CancellationToken.None));

    private async Task DoAsync(Func<Task<Result<bool>>> act)
    {
        _busy = true;
        toasts.Tell((await act()).Error);
        _busy = false;
        await OpenAsync();
    }

    private string Said(CallRow row) => row.Disposition is { } outcome && CallStates.IsEnd(row.State) ? texts[$"outcome.{outcome}"] : texts[$"callstate.{row.State}"];

    private static string? Tone(CallRow row) => row.State switch
    {
        CallState.InProgress => "ok",
        CallState.Uncertain or CallState.Failed => "wa",
        _ => null,
    };

    private string Intent(string intent) => texts[$"intent.{intent}"];

    private TimeSpan AgeOf(CallRow row) => (row.EndedAt ?? time.GetUtcNow()) - (row.AnsweredAt ?? row.CreatedAt);

    private string Age(CallRow row) => AgeOf(row) is { TotalSeconds: >= 0 } age ? $"{(int)age.TotalMinutes}:{age.Seconds:00}" : "0:00";

    /// <summary>What a turn filled; a time is shown in the reader's zone.</summary>
    private IEnumerable<(string Slot, string Value)> Slots(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(json)!.Select(s => (
            texts[$"slot.{s.Key}"] is { ResourceNotFound: false } known ? known.Value : s.Key,
            s.Key == "callbackAt" && DateTimeOffset.TryParse(s.Value, CultureInfo.InvariantCulture, out var at) ? clock.Show(at, texts["time.today"]) : s.Value));

    /// <summary>Where a turn's time went, in whole milliseconds; parts that took none are left out.</summary>
    private string Parts(CallTurn turn, double total)
    {
        (string Name, double Ms)[] parts =
        [
            ("calls.part.knowledge", turn.KnowledgeMs ?? 0), ("calls.part.model", turn.PhraseMs ?? 0), ("calls.part.database", turn.WaitMs ?? 0),
            ("calls.part.decision", total - (turn.KnowledgeMs ?? 0) - (turn.PhraseMs ?? 0) - (turn.WaitMs ?? 0)),
        ];
        return $"{Math.Round(total)} ms: " + string.Join(" · ", parts.Where(p => p.Ms >= 0.5).Select(p => $"{texts[p.Name].Value} {Math.Round(p.Ms)}"));
    }

    /// <summary>Second of the recording at which a turn stands. The recording's own length is what counts: the network's clock may run otherwise than ours.</summary>
    private string Seek(DateTimeOffset at)
    {
        var talk = _call is { AnsweredAt: { } from, EndedAt: { } to } ? (to - from).TotalSeconds : 0;
        var ratio = talk > 0 && _recording?.DurationSeconds is { } length ? length / talk : 1;
        return Math.Max(0, (at - (_call!.AnsweredAt ?? _call.CreatedAt)).TotalSeconds * ratio).ToString("0.0", CultureInfo.InvariantCulture);
    }

    /// <summary>Clock from ten seconds, amber from a minute, red from five.</summary>
    private string AgeClass(CallRow row) => CallStates.IsEnd(row.State) ? "" : AgeOf(row).TotalSeconds switch { < 10 => "", < 60 => "a1", < 300 => "a2", _ => "a3" };

    private string Offset(DateTimeOffset at) => at - (_call!.AnsweredAt ?? _call.CreatedAt) is { TotalSeconds: >= 0 } since ? $"{(int)since.TotalMinutes}:{since.Seconds:00}" : "0:00";
}
