using AIX.Core.Review;
using AIX.Core.Tenancy;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace AIX.Web.Features.Review;

/// <summary>Many leads as a list: choose, then decide all in one go; each decision is one of its own and can be undone.</summary>
public sealed partial class ReviewBulk(IReviewStore store, DecideReview decide, ITenantStore tenants, ICurrentTenant current, Toasts toasts, TimeProvider time) : ComponentBase
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private readonly HashSet<Guid> _chosen = [];
    private TenantSettings _settings = new();
    private int _size = 25;
    private int _at;
    private int _from;
    private int _done;
    private bool _busy;

    [Parameter]
    public IReadOnlyList<ReviewRow> Rows { get; set; } = [];

    [Parameter, EditorRequired]
    public Reviewer Reviewer { get; set; } = default!;

    [Parameter]
    public EventCallback<Guid> OnOpen { get; set; }

    [Parameter]
    public EventCallback OnChanged { get; set; }

    private IReadOnlyList<ReviewRow> Shown => [.. Rows.Where(r => r.HolderId is not { } h || h == Reviewer.UserId || r.HeldUntil <= time.GetUtcNow()).Take(_size)];

    protected override async Task OnInitializedAsync() => _settings = (await tenants.GetAsync(current.Id!.Value, CancellationToken.None)).Settings;

    private void Move(int step) => _at = Math.Clamp(_at + step, 0, Math.Max(0, Shown.Count - 1));

    private void Toggle(int at)
    {
        if (at < Shown.Count)
        {
            (_at, _from) = (at, at);
            if (!_chosen.Remove(Shown[at].LeadId))
            {
                _chosen.Add(Shown[at].LeadId);
            }
        }
    }

    /// <summary>From the row that was chosen last to the one that is lit.</summary>
    private void Range() => _chosen.UnionWith(Shown.Skip(Math.Min(_from, _at)).Take(Math.Abs(_at - _from) + 1).Select(r => r.LeadId));

    private void ToggleAll(ChangeEventArgs e)
    {
        _chosen.Clear();
        if (e.Value is true)
        {
            _chosen.UnionWith(Shown.Select(r => r.LeadId));
        }
    }

    private async Task DecideAsync(DecisionKind kind)
    {
        (_busy, _done) = (true, 0);
        var refused = new List<string>();
        foreach (var row in Shown.Where(r => _chosen.Contains(r.LeadId)).ToList())
        {
            // Each is leased first: somebody may have opened it since the list was drawn.
            var taken = await store.TakeAsync(current.Id!.Value, Reviewer, row.LeadId, Lease, CancellationToken.None);
            var command = new DecisionCommand(Guid.CreateVersion7(time.GetUtcNow()), row.LeadId, kind, row.Seen) { Hours = 24 };
            var result = taken is null ? null : (Core.Shared.Result<ReviewDecision>?)await decide.ExecuteAsync(current.Id!.Value, Reviewer, command, CancellationToken.None);
            if (result is { IsOk: false } no)
            {
                await store.ReleaseAsync(current.Id!.Value, Reviewer.UserId, [row.LeadId], CancellationToken.None);
                refused.Add($"{row.Name}: {no.Error!.Message}");
            }

            _done++;
            StateHasChanged();
        }

        _chosen.Clear();
        _busy = false;
        if (refused.Count > 0)
        {
            toasts.Error(string.Join(" ", refused.Take(2)));
        }

        await OnChanged.InvokeAsync();
    }
}
