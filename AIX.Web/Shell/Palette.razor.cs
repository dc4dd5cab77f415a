using AIX.Core.Leads;
using AIX.Core.Review;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;

namespace AIX.Web.Shell;

/// <summary>Goes to a page, finds a lead, runs an act.</summary>
public sealed partial class Palette(ILeadQueries leads, SendToReview send, ICurrentTenant current, CurrentUser user, Toasts toasts, NavigationManager navigation, IJSRuntime js, IStringLocalizer<Texts> texts) : ComponentBase
{
    private sealed record Item(string Id, string Icon, string Title, string? Detail, string? Action, Func<Task> Run, LeadHit? Hit = null);

    private IReadOnlyList<LeadHit> _hits = [];
    private string _text = "";
    private string _answered = "";
    private bool _open;
    private int _asked;

    public async Task OpenAsync()
    {
        (_open, _text, _answered, _hits) = (true, "", "", []);
        StateHasChanged();
        await Task.Yield();
        await js.InvokeVoidAsync("aixKeys.focus", "#palette-input");
    }

    private void Close() => _open = false;

    private async Task TypeAsync()
    {
        var asked = ++_asked;
        var hits = _text.Trim().Length < 2 ? [] : await leads.SearchAsync(_text, 8, CancellationToken.None);

        // An answer that comes after the next key's is out of date.
        if (asked == _asked)
        {
            (_hits, _answered) = (hits, _text);
        }
    }

    private async Task RunAsync(Item item)
    {
        Close();
        await item.Run();
    }

    private IEnumerable<(string Group, IReadOnlyList<Item> Items)> Groups()
    {
        if (_hits.Count > 0)
        {
            yield return (texts["nav.leads"], [.. _hits.Select(h => new Item($"p-{h.Id}", "user", h.Name, string.Join(", ", new[] { h.Company, h.City }.OfType<string>()), null, () => Go($"/leads/{h.Id}"), h))]);
        }

        if (_hits is [var first, ..] && user.May(Permission.ReviewWork))
        {
            yield return (texts["palette.do"], [new Item("p-send", "queue", texts["palette.send", first.Name], null, "sendReview", () => SendAsync(first))]);
        }

        var pages = Pages().Where(p => p.Permission is null || user.May(p.Permission)).Where(p => _text.Length == 0 || p.Title.Contains(_text.Trim(), StringComparison.CurrentCultureIgnoreCase))
            .Select(p => new Item("p-go-" + p.Icon, p.Icon, p.Title, null, p.Action, () => Go(p.Path))).ToList();
        if (pages.Count > 0)
        {
            yield return (texts["palette.goto"], pages);
        }
    }

    private IEnumerable<(string Title, string Icon, string Path, string? Action, string? Permission)> Pages() =>
    [
        (texts["nav.home"], "home", "/home", "goHome", null), (texts["nav.leads"], "leads", "/leads", "goLeads", null), (texts["nav.review"], "queue", "/review", "goQueue", Permission.ReviewWork),
        (texts["nav.imports"], "upload", "/imports", null, Permission.ImportsRun), (texts["nav.pipeline"], "flow", "/pipeline", null, Permission.PipelineRead), (texts["nav.models"], "model", "/models", null, Permission.ModelsRead),
        (texts["nav.profile"], "target", "/profile", null, Permission.ModelsRead), (texts["nav.routing"], "right", "/routing", null, Permission.RoutingManage), (texts["nav.settings"], "sliders", "/settings", null, Permission.SettingsWrite),
        (texts["nav.campaigns"], "mega", "/campaigns", "goCampaigns", Permission.CampaignsRead), (texts["nav.analytics"], "chart", "/analytics", "goAnalytics", Permission.CampaignsRead), (texts["nav.compliance"], "shield", "/compliance", null, Permission.ComplianceManage), (texts["nav.audit"], "log", "/audit", null, Permission.AuditRead),
        (texts["keys.sheet"], "cmd", "/keys", null, null),
    ];

    private Task Go(string path)
    {
        navigation.NavigateTo(path);
        return Task.CompletedTask;
    }

    private async Task SendAsync(LeadHit hit)
    {
        var sent = await send.ExecuteAsync(current.Id!.Value, user.Actor, [hit.Id], null, CancellationToken.None);
        toasts.Show(sent.IsOk ? texts["review.sent", hit.Name] : sent.Error.Message, icon: sent.IsOk ? "check" : "warn");
    }
}
