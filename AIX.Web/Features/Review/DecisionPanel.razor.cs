using System.Globalization;
using AIX.Core.Enrichment;
using AIX.Core.Leads;
using AIX.Core.Review;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AIX.Web.Features.Review;

/// <summary>Where the decision is made. What is typed becomes a draft on the server half a second later.</summary>
public sealed partial class DecisionPanel
{
    private static readonly TimeSpan Typing = TimeSpan.FromMilliseconds(500);

    private string? _panel;
    private Band? _band;
    private double? _probability;
    private string? _reason;
    private string? _text;
    private string? _attribute;
    private string? _right;
    private ITimer? _typing;
    private (Guid Lead, DraftState Draft)? _unsaved;

    [Inject]
    private WorkLead Work { get; set; } = default!;

    [Inject]
    private CurrentUser User { get; set; } = default!;

    [Inject]
    private Core.Tenancy.ICurrentTenant Current { get; set; } = default!;

    [Inject]
    private Toasts Toasts { get; set; } = default!;

    [Parameter, EditorRequired]
    public ReviewRow Row { get; set; } = default!;

    [Parameter, EditorRequired]
    public LeadDetail Detail { get; set; } = default!;

    [Parameter]
    public DraftState? Draft { get; set; }

    [Parameter]
    public Error? Error { get; set; }

    [Parameter]
    public IReadOnlyList<(Guid Lead, string Name, DecisionKind Kind, Band? Band)> Last { get; set; } = [];

    [Parameter]
    public bool IsManager { get; set; }

    [Parameter]
    public EventCallback<DecisionCommand> OnDecide { get; set; }

    [Parameter]
    public EventCallback OnUndo { get; set; }

    [Parameter]
    public EventCallback<(Guid Lead, DraftState Draft)> OnDraft { get; set; }

    private IEnumerable<Fact> Flaggable => Detail.Facts.Where(f => !f.Superseded && f.Attribute is not ("name" or "email" or "phone" or "externalId" or "receivedVia") && !f.Attribute.StartsWith("engagement.", StringComparison.Ordinal)).DistinctBy(f => f.Attribute);

    protected override void OnInitialized()
    {
        if (Draft is { } draft)
        {
            (_panel, _band, _probability, _reason, _text, _attribute, _right) = (draft.Panel, draft.Band, draft.Probability, draft.Reason, draft.Text, draft.Attribute, draft.RightValue);
        }
    }

    public async ValueTask DisposeAsync() => await FlushAsync();

    private async Task OpenAsync(string panel)
    {
        _panel = panel;
        if (_panel is "FlagData" or "Note")
        {
            await Task.Yield();
            await Js.InvokeVoidAsync("aixKeys.focus", panel == "Note" ? "#nt-text" : "#fl-fact");
        }
    }

    private Task CloseAsync()
    {
        _panel = null;
        return Task.CompletedTask;
    }

    private async Task PickAsync(Band band)
    {
        (_band, _probability) = (band, null);
        Changed();
        if (string.IsNullOrEmpty(_reason))
        {
            await Js.InvokeVoidAsync("aixKeys.focus", "#ov-reason");
        }
    }

    private void Number()
    {
        _band = _probability is null ? _band : null;
        Changed();
    }

    private void Changed()
    {
        _typing?.Dispose();
        _unsaved = (Row.LeadId, new DraftState(_panel, _band, _probability, _reason, _text, _attribute, _right));
        _typing = Time.CreateTimer(_ => InvokeAsync(FlushAsync), null, Typing, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Saves what was typed last, also when the panel closes in the half second after.</summary>
    private async Task FlushAsync()
    {
        _typing?.Dispose();
        if (_unsaved is { } unsaved)
        {
            _unsaved = null;
            await OnDraft.InvokeAsync(unsaved);
        }
    }

    private Task PostponeAsync(int hours) => OnDecide.InvokeAsync(Command(DecisionKind.Postpone) with { Hours = hours });

    private Task SendAsync(DecisionKind kind)
    {
        _typing?.Dispose();
        _unsaved = null;
        return OnDecide.InvokeAsync(Command(kind));
    }

    private async Task SaveNoteAsync()
    {
        var saved = await Work.NoteAsync(Current.Id!.Value, User.Actor, Row.LeadId, _text, false, CancellationToken.None);
        if (!saved.IsOk)
        {
            Toasts.Error(saved.Error.Message);
            return;
        }

        (_panel, _text) = (null, null);
    }

    private DecisionCommand Command(DecisionKind kind) => new(Guid.CreateVersion7(Time.GetUtcNow()), Row.LeadId, kind, Row.Seen)
    {
        Band = kind == DecisionKind.Override ? _band : null,
        Probability = kind == DecisionKind.Override ? _probability : null,
        Reason = kind == DecisionKind.Override ? _reason : null,
        Text = kind == DecisionKind.Override ? _text : null,
        Attribute = kind == DecisionKind.FlagData ? _attribute : null,
        RightValue = kind == DecisionKind.FlagData ? _right : null,
    };
}
