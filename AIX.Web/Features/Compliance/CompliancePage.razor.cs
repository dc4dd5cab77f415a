using System.Globalization;
using AIX.Core.Calls;
using AIX.Core.Compliance;
using AIX.Core.Outreach;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Compliance;

/// <summary>Consents, register, suppressions, rules and decisions.</summary>
public sealed partial class CompliancePage(IComplianceStore store, ManageCompliance manage, TakeComplianceFile files, ICurrentTenant current, CurrentUser user, ILiveFeed feed, Toasts toasts, Clock clock, TimeProvider time, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private const int Shown = 60;

    private ComplianceBoard? _board;
    private IReadOnlyList<ComplianceBatch> _batches = [];
    private IReadOnlyList<GateRecord> _decisions = [];
    private IReadOnlyList<ConsentEvent>? _ledger;
    private RulePack? _pack;
    private FileTaken? _taken;
    private string _kind = "scrub";
    private DateTime _asOf;
    private string? _error;
    private string? _ruleError;
    private string _suppress = "";
    private string _lookup = "";

    /// <summary>Address whose ledger and decisions are shown; null for everybody's decisions.</summary>
    private string? _looked;
    private int _rows;
    private int _open;
    private int _close;
    private int _perDay;
    private int _perSeven;
    private int _perThirty;
    private int _scrub;
    private int _consent;
    private int _coolOff;
    private LiveSubscription? _live;
    private bool _taking;
    private bool _listening;

    private Clock Clock => clock;

    private TenantId Tenant => current.Id!.Value;

    private bool MayTighten => user.May(Permission.SettingsWrite);

    private CountryRules? _law;

    protected override async Task OnInitializedAsync()
    {
        _asOf = clock.ToLocal(clock.Now);
        await LoadAsync();
    }

    // The field hears a choice only a round trip after it is drawn: until then it is closed, so that no choice is lost.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _live = new LiveSubscription(time, TimeSpan.FromSeconds(3), _ => InvokeAsync(RefreshAsync));
            _live.Start(feed, Tenant, e => e is ComplianceChanged or CallChanged or MessageChanged);
            await Task.Yield();
            _listening = true;
            StateHasChanged();
        }
    }

    public void Dispose() => _live?.Dispose();

    /// <summary>What others do shows; what is being typed stays.</summary>
    private async Task RefreshAsync()
    {
        await LoadListsAsync();
        StateHasChanged();
    }

    private async Task LoadListsAsync()
    {
        _board = await store.BoardAsync(Tenant, clock.Now, CancellationToken.None);
        _batches = await store.BatchesAsync(Tenant, 10, CancellationToken.None);
        _decisions = await store.DecisionsAsync(Tenant, _looked, Shown, CancellationToken.None);
        _ledger = _looked is { } address ? await store.LedgerAsync(Tenant, address, CancellationToken.None) : _ledger;
    }

    private async Task LoadAsync()
    {
        await LoadListsAsync();
        _pack = await manage.PackAsync(Tenant, CancellationToken.None);
        _law = _pack.Countries[0];
        (_open, _close, _perDay, _perSeven, _perThirty) = (_law.Promotional.Open, _law.Promotional.Close, _law.PerDay, _law.PerSevenDays, _law.PerThirtyDays);
        (_scrub, _consent, _coolOff) = (_law.ScrubHours, _law.ConsentDays, _law.CoolOffDays);
    }

    private async Task TakeAsync(InputFileChangeEventArgs chosen)
    {
        (_taking, _error, _taken, _rows) = (true, null, null, 0);
        StateHasChanged();
        try
        {
            using var memory = new MemoryStream();
            await using (var file = chosen.File.OpenReadStream(TakeComplianceFile.MaxBytes))
            {
                await file.CopyToAsync(memory);
            }

            var progress = new Progress<int>(rows => InvokeAsync(() =>
            {
                _rows = rows;
                StateHasChanged();
            }));
            var taken = await Task.Run(() => files.ExecuteAsync(Tenant, user.Actor, _kind, chosen.File.Name, memory.ToArray(), clock.FromLocal(_asOf), CancellationToken.None, progress));
            (_taken, _error) = (taken.IsOk ? taken.Value : null, taken.Error?.Message);
        }
        catch (IOException)
        {
            _error = texts["directory.toolarge", TakeComplianceFile.MaxBytes / 1_000_000];
        }

        _taking = false;
        await LoadAsync();
    }

    private async Task SuppressAsync()
    {
        var done = await manage.SuppressAsync(Tenant, user.Actor, _suppress, "person", CancellationToken.None);
        toasts.Tell(done.Error);
        if (done.IsOk)
        {
            toasts.Show(texts["compliance.suppress.done", done.Value]);
            _suppress = "";
            await LoadAsync();
        }
    }

    private async Task LookUpAsync()
    {
        (_looked, _ledger) = (TakeComplianceFile.AddressOf(_lookup), []);
        await LoadListsAsync();
    }

    private async Task TightenAsync()
    {
        var own = new Tightening { OpenHour = _open, CloseHour = _close, PerDay = _perDay, PerSevenDays = _perSeven, PerThirtyDays = _perThirty, ScrubHours = _scrub, ConsentDays = _consent, CoolOffDays = _coolOff };
        var saved = await manage.TightenAsync(Tenant, user.Actor, own, CancellationToken.None);
        _ruleError = saved.Error?.Message;
        if (saved.IsOk)
        {
            toasts.Show(texts["compliance.tightened", saved.Value]);
            await LoadAsync();
        }
    }

    private static string Show(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
