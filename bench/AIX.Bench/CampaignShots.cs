using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace AIX.Bench;

/// <summary>A campaign on its way, for pictures: the draft's steps, the monitor while it calls, and the choice of whom to call again.</summary>
internal static class CampaignShots
{
    private static readonly string[] Steps = ["goal", "audience", "preflight", "script", "schedule", "pacing", "test", "launch"];

    public static async Task MakeAsync(HttpClient api, IPage page, Uri url, Func<string, Task> shoot)
    {
        var draft = await CreateAsync(api, "Winter offer");
        await OpenAsync(page, new Uri(url, $"/campaigns/{draft}"), "[data-builder]");
        await StepsAsync(page, shoot, Steps, "");

        var running = await CreateAsync(api, "Who asked for a demo");
        (await api.PostAsync($"/api/v1/campaigns/{running}/launch", null)).EnsureSuccessStatusCode();
        await OpenAsync(page, new Uri(url, $"/campaigns/{running}"), "[data-kpis]");
        await page.WaitForFunctionAsync("() => Number(document.querySelector('[data-placed]').textContent) >= 12", null, new() { Timeout = 90_000 });
        await shoot("monitor");
        await page.Locator("tr[data-call]:has(.tag.ok)").First.ClickAsync(new() { Timeout = 60_000 });
        await page.WaitForSelectorAsync("[data-transcript]");
        await shoot("monitor-call");
        await page.Locator("[data-close]").ClickAsync();
        (await api.PostAsync($"/api/v1/campaigns/{running}/stop", null)).EnsureSuccessStatusCode();
        await page.Locator("[data-redial]").ClickAsync();
        await page.WaitForSelectorAsync("[data-redialform]");
        await shoot("monitor-again");

        await OpenAsync(page, new Uri(url, $"/language/hi?returnUrl=/campaigns/{running}"), "[data-kpis]");
        await page.Locator("[data-redial]").ClickAsync();
        await page.WaitForSelectorAsync("[data-redialform]");
        await shoot("monitor-again-hi");
        await OpenAsync(page, new Uri(url, $"/campaigns/{draft}"), "[data-builder]");
        await StepsAsync(page, shoot, ["audience", "preflight", "script", "schedule", "launch"], "-hi");
        await OpenAsync(page, new Uri(url, "/language/en?returnUrl=/campaigns"), "h1");
    }

    private static async Task StepsAsync(IPage page, Func<string, Task> shoot, string[] steps, string suffix)
    {
        foreach (var step in steps)
        {
            await page.Locator($"[data-step={step}]").ClickAsync();
            await page.WaitForSelectorAsync($"[data-builder={step}]");
            await page.WaitForFunctionAsync("() => !document.querySelector('.sk')");
            await shoot($"campaign-{step}{suffix}");
        }
    }

    private static async Task OpenAsync(IPage page, Uri url, string ready)
    {
        await page.GotoAsync(url.ToString());
        await page.WaitForSelectorAsync(ready);
    }

    private static async Task<Guid> CreateAsync(HttpClient api, string name)
    {
        var created = await api.PostAsJsonAsync("/api/v1/campaigns", new { name, plan = new { goal = "Ten demos a week", purpose = "the demo that you asked for", purposeHindi = "आपने जो डेमो माँगा था", @class = "Service", route = "simulated", callsPerSecond = 2, atOnce = 20, exceptOthers = false } });
        return (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }
}
