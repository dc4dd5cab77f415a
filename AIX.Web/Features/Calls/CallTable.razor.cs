using AIX.Core.Calls;
using AIX.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Calls;

/// <summary>Calls in rows: who, how long, what was said last; ages run on by themselves.</summary>
public sealed partial class CallTable(TimeProvider time, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private ITimer? _ages;

    [Parameter, EditorRequired]
    public IReadOnlyList<CallRow> Rows { get; set; } = [];

    /// <summary>The call that is open beside the table.</summary>
    [Parameter]
    public Guid? Selected { get; set; }

    [Parameter]
    public EventCallback<Guid> OnOpen { get; set; }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ages = time.CreateTimer(_ => InvokeAsync(() =>
            {
                if (Rows.Any(r => !CallStates.IsEnd(r.State)))
                {
                    StateHasChanged();
                }
            }), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        }
    }

    public void Dispose() => _ages?.Dispose();

    private string Said(CallRow row) => row.Disposition is { } outcome && CallStates.IsEnd(row.State) ? texts[$"outcome.{outcome}"] : texts[$"callstate.{row.State}"];

    private static string? Tone(CallRow row) => row.State switch
    {
        CallState.InProgress => "ok",
        CallState.Uncertain or CallState.Failed => "wa",
        _ => null,
    };

    private TimeSpan AgeOf(CallRow row) => (row.EndedAt ?? time.GetUtcNow()) - (row.AnsweredAt ?? row.CreatedAt);

    private string Age(CallRow row) => AgeOf(row) is { TotalSeconds: >= 0 } age ? $"{(int)age.TotalMinutes}:{age.Seconds:00}" : "0:00";

    /// <summary>Clock from ten seconds, amber from a minute, red from five.</summary>
    private string AgeClass(CallRow row) => CallStates.IsEnd(row.State) ? "" : AgeOf(row).TotalSeconds switch { < 10 => "", < 60 => "a1", < 300 => "a2", _ => "a3" };
}
