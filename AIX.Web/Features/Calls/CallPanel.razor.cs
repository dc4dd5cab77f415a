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

/// <summary>One call as it happens: what was said, what was understood, its recording; to take over or to end.</summary>
public sealed partial class CallPanel(
    ICallStore store, ManageCalls manage, ICurrentTenant current, CurrentUser user, RecordingLinks links, ILiveFeed feed, Toasts toasts, Clock clock, TimeProvider time, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private Call? _call;
    private CallRow? _row;
    private IReadOnlyList<CallTurn> _turns = [];
    private CallRecording? _recording;
    private string? _media;
    private bool _busy;
    private LiveSubscription? _live;

    [Parameter, EditorRequired]
    public Guid Id { get; set; }

    /// <summary>Where the panel can be closed.</summary>
    [Parameter]
    public EventCallback OnClose { get; set; }

    private TenantId Tenant => current.Id!.Value;

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _live = new LiveSubscription(time, TimeSpan.FromMilliseconds(400), _ => InvokeAsync(async () =>
        {
            await LoadAsync();
            StateHasChanged();
        }));
        _live.Start(feed, Tenant, e => e is CallChanged changed && changed.CallId == Id);
    }

    public void Dispose() => _live?.Dispose();

    private async Task LoadAsync()
    {
        if (await store.FindAsync(Tenant, Id, CancellationToken.None) is not { } call)
        {
            (_call, _turns, _row, _recording) = (null, [], null, null);
            return;
        }

        _call = call;
        _turns = await store.TurnsAsync(Tenant, Id, CancellationToken.None);
        var recording = await store.RecordingAsync(Tenant, Id, CancellationToken.None);
        if (recording?.BlobKey != _recording?.BlobKey)
        {
            // One link per opening: a new one under the player would start it over.
            _media = links.Make(Tenant, Id, user.Id);
        }

        _recording = recording;
        _row = await store.ListAsync(Tenant, null, false, 1, CancellationToken.None, call: Id) is [var row] ? row : null;
    }

    private Task EndAsync() => DoAsync(() => manage.EndAsync(Tenant, user.Actor, _call!.Id, CancellationToken.None));

    private Task TakeOverAsync() => DoAsync(() => manage.TakeOverAsync(Tenant, user.Actor, _call!.Id, CancellationToken.None));

    private async Task DoAsync(Func<Task<Result<bool>>> act)
    {
        _busy = true;
        toasts.Tell((await act()).Error);
        _busy = false;
        await LoadAsync();
    }

    private string Intent(string intent) => texts[$"intent.{intent}"];

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

    private string Offset(DateTimeOffset at) => at - (_call!.AnsweredAt ?? _call.CreatedAt) is { TotalSeconds: >= 0 } since ? $"{(int)since.TotalMinutes}:{since.Seconds:00}" : "0:00";
}
