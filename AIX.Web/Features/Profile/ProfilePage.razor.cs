using System.Globalization;
using System.Text;
using AIX.Core.Pipeline;
using AIX.Core.Profiles;
using AIX.Core.Tenancy;
using AIX.Web.Api;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;
using Radzen;

namespace AIX.Web.Features.Profile;

/// <summary>The ideal customer: edited with a live preview on the organisation's own leads, drafted, published, taken back.</summary>
public sealed partial class ProfilePage(
    IProfileStore store, ManageProfiles manage, IPreviewProfile preview, ICurrentTenant current, Clock clock, DialogService dialogs, AuthenticationStateProvider authentication, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private const int MaxFile = 500_000;

    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);

    private readonly CancellationTokenSource _gone = new();
    private CancellationTokenSource? _pending;
    private IdealCustomerProfile? _profile;
    private IReadOnlyList<IcpVersion> _versions = [];
    private IReadOnlyList<ProfileChange> _diff = [];
    private int? _diffOf;
    private ProfilePreview? _preview;
    private string? _previewError;
    private bool _busy;
    private bool _dirty;
    private string? _error;
    private string? _notice;
    private string? _words;
    private string? _understood;
    private string? _attribute;
    private double _atLeast = 3;
    private int? _withinDays;

    private TenantId Tenant => current.Id!.Value;

    protected override async Task OnInitializedAsync()
    {
        _profile = await store.CurrentAsync(Tenant, CancellationToken.None);
        _versions = await store.VersionsAsync(Tenant, CancellationToken.None);
        if (_versions.FirstOrDefault(v => v.State == IcpState.Candidate) is { } draft)
        {
            _profile = await store.FindAsync(Tenant, draft.Version, CancellationToken.None);
            _notice = texts["profile.draftopen", draft.Version];
        }

        _ = PreviewSoonAsync();
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        _pending?.Dispose();
    }

    private async Task ChangeAsync(Func<IdealCustomerProfile, IdealCustomerProfile> change)
    {
        (_profile, _dirty, _notice) = (change(_profile!), true, null);
        await PreviewSoonAsync();
    }

    private Task SetAsync(ChangeEventArgs e, Func<IdealCustomerProfile, double?, IdealCustomerProfile> change) =>
        ChangeAsync(p => change(p, double.TryParse(e.Value?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null));

    private Task EventAsync(string kind, ChangeEventArgs e, Func<EventImpact, double, EventImpact> change) =>
        double.TryParse(e.Value?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? ChangeAsync(p => p with { Events = p.Events.ToDictionary(x => x.Key, x => x.Key == kind ? change(x.Value, value) : x.Value) })
            : Task.CompletedTask;

    private Task AddRuleAsync()
    {
        var rule = new BehaviourRule(_attribute!.Trim(), _atLeast, 1, _withinDays);
        (_attribute, _withinDays) = (null, null);
        return ChangeAsync(p => p with { Behaviours = [.. p.Behaviours, rule] });
    }

    /// <summary>Tried once the hand rests: a slider sends many values.</summary>
    private async Task PreviewSoonAsync()
    {
        _pending?.Cancel();
        _pending?.Dispose();
        var mine = _pending = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        try
        {
            await Task.Delay(Quiet, mine.Token);
            _busy = true;
            StateHasChanged();
            var result = await preview.ExecuteAsync(Tenant, _profile!, mine.Token);
            (_preview, _previewError, _busy) = (result.IsOk ? result.Value : null, result.Error?.Message, false);
            StateHasChanged();
        }
        catch (OperationCanceledException)
        {
            // A later change is tried instead.
        }
        catch (Exception ex)
        {
            await DispatchExceptionAsync(ex);
        }
    }

    private async Task SaveAsync()
    {
        var result = await manage.DraftAsync(Tenant, await ActorAsync(), _profile!, CancellationToken.None);
        (_error, _notice, _dirty) = (result.Error?.Message, result.IsOk ? texts["profile.saved", result.Value].Value : null, !result.IsOk);
        _versions = await store.VersionsAsync(Tenant, CancellationToken.None);
    }

    private async Task OpenAsync(IcpVersion version)
    {
        _profile = await store.FindAsync(Tenant, version.Version, CancellationToken.None);
        (_dirty, _notice, _error) = (version.State != IcpState.Candidate, texts["profile.opened", version.Version], null);
        await PreviewSoonAsync();
    }

    private async Task DiffAsync(IcpVersion version)
    {
        var (production, other) = (await store.CurrentAsync(Tenant, CancellationToken.None), await store.FindAsync(Tenant, version.Version, CancellationToken.None));
        _diff = ProfileDiff.Of(production, other!);
        _diffOf = _diffOf == version.Version ? null : version.Version;
    }

    private async Task PublishAsync(IcpVersion version)
    {
        if (await dialogs.Confirm(texts["profile.publish.text"], texts["profile.publish.title", version.Version], new ConfirmOptions { OkButtonText = texts["profile.publish"], CancelButtonText = texts["action.cancel"] }) != true)
        {
            return;
        }

        var result = await manage.PublishAsync(Tenant, await ActorAsync(), version.Version, CancellationToken.None);
        (_error, _notice) = (result.Error?.Message, result.IsOk ? texts["profile.published", version.Version].Value : null);
        _versions = await store.VersionsAsync(Tenant, CancellationToken.None);
        _profile = await store.CurrentAsync(Tenant, CancellationToken.None);
        (_dirty, _diffOf) = (false, null);
        await PreviewSoonAsync();
    }

    private Task DescribeAsync()
    {
        var (draft, understood) = ProfileFromWords.Draft(_words!, _profile!);
        _understood = string.Join(", ", understood);
        return understood.Count == 0 ? Task.CompletedTask : ChangeAsync(_ => draft);
    }

    private async Task ImportAsync(InputFileChangeEventArgs chosen)
    {
        try
        {
            using var reader = new StreamReader(chosen.File.OpenReadStream(MaxFile), Encoding.UTF8);
            var text = await reader.ReadToEndAsync();
            var read = chosen.File.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ProfileDocument.Read(text) : ProfileYaml.Read(text);
            _error = read.Error?.Message;
            if (read.IsOk)
            {
                await ChangeAsync(_ => read.Value);
                _notice = texts["profile.imported", chosen.File.Name];
            }
        }
        catch (IOException)
        {
            _error = texts["profile.toolarge", MaxFile / 1000];
        }
    }

    private async Task<Core.Auditing.Actor> ActorAsync() => Claims.ActorOf((await authentication.GetAuthenticationStateAsync()).User);

    private string EventName(string kind) => texts[$"event.{kind}"] is { ResourceNotFound: false } known ? known : kind;

    private static string Show(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string DataUri(string type, string text) => $"data:{type};base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}";
}
