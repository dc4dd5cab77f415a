using System.Net.Http.Json;
using System.Text.Json;
using AIX.Bench.Vendors;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace AIX.Bench;

/// <summary>Every page in both themes at 1280 and 768 px, and the main ones in Hindi; fails on an error in the browser's console.</summary>
internal static class Screenshots
{
    private static readonly (int Width, int Height)[] Sizes = [(1280, 800), (768, 1024)];

    /// <param name="only">Names of pages; all when empty.</param>
    public static async Task<int> RunAsync(string folder, IReadOnlyCollection<string> only)
    {
        Directory.CreateDirectory(folder);
        await using var register = await VendorServer.StartAsync(c => c.Response.WriteAsync("""{"n":75,"ind":"Manufacturing","tech":["SAP","HubSpot"],"funded":"2026-10-02"}"""));
        var definitions = Directory.CreateTempSubdirectory("aix-sources").FullName;
        await File.WriteAllTextAsync(Path.Combine(definitions, "register.json"), $$"""
            { "name": "register", "title": "Trade register", "kind": "firmographic", "url": "http://{{register.Host}}/company?d={domain}", "headers": { "X-Key": "{key}" }, "price": 0.05, "billedOnMatch": true, "ratePerSecond": 50, "hitRate": 0.9,
              "reliability": 0.85, "values": { "employees": "$.n", "industry": "$.ind", "technologies": "$.tech[*]", "event.funding": "$.funded" } }
            """);
        await using var aix = await AixProcess.StartAsync(environment: new Dictionary<string, string> { ["Enrichment__SourcesFolder"] = definitions, ["Enrichment__PrivateHosts"] = register.Host, ["Calls__SimulatorSpeed"] = "10", ["Calls__SimulatorClock"] = Noon() });
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add($"{page.Url}: {message.Text}");
            }
        };

        await page.GotoAsync(new Uri(aix.Url, "/signin").ToString());
        await ShootAsync(page, folder, "signin");
        await Browser.SignInAsync(page, aix.Url, "admin@acme.example.com");
        await page.WaitForSelectorAsync("tr[data-lead] .iv");
        var all = await PagesAsync(aix.Url, page);
        var pages = all.Where(p => only.Count == 0 || only.Contains(p.Name)).ToList();
        if (only.Count == 0 || only.Contains("campaign"))
        {
            using var api = new HttpClient { BaseAddress = aix.Url, DefaultRequestHeaders = { Authorization = new("Bearer", "demo-acme-key") } };
            await CampaignShots.MakeAsync(api, page, aix.Url, name => ShootAsync(page, folder, name));
        }

        foreach (var (name, path) in pages)
        {
            await OpenAsync(page, aix.Url, path);
            await ShootAsync(page, folder, name);
            if (name is "review" or "leads")
            {
                await ShootOpenAsync(page, folder, name);
            }

            if (name == "models")
            {
                await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Let version") }).First.ClickAsync();
                await page.WaitForSelectorAsync(".rz-dialog .btn.p");
                await page.WaitForFunctionAsync("() => !document.querySelector('.rz-dialog .sk')");
                await ShootAsync(page, folder, "models-promote");
                await page.Keyboard.PressAsync("Escape");
            }

            if (name == "import-columns")
            {
                await page.ClickAsync(".tf .btn.p");
                await page.WaitForSelectorAsync("[data-check=new]");
                await ShootAsync(page, folder, "import-check");
            }
        }

        await page.GotoAsync(new Uri(aix.Url, "/language/hi?returnUrl=/leads").ToString());
        foreach (var (name, path) in pages.Where(p => p.Name is "leads" or "lead" or "models" or "import-columns" or "home" or "review" or "routing" or "keys" or "calls" or "dialogues" or "campaigns" or "analytics" or "compliance" or "messages" or "callbacks"))
        {
            await OpenAsync(page, aix.Url, path);
            await ShootAsync(page, folder, name + "-hi");
        }

        foreach (var error in errors)
        {
            await Console.Error.WriteLineAsync(error);
        }

        Console.WriteLine(JsonSerializer.Serialize(new { folder, consoleErrors = errors.Count }));
        return errors.Count == 0 ? 0 : 1;
    }

    /// <summary>Noon of today in India: campaigns call then, whenever the pictures are taken; of Monday where it is Sunday there, when campaigns do not call.</summary>
    private static string Noon()
    {
        var day = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromMinutes(330));
        return (day.DayOfWeek == DayOfWeek.Sunday ? day.AddDays(1) : day).ToString("yyyy-MM-dd'T12:00:00+05:30'", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What opens on the two pages where people spend their day.</summary>
    private static async Task ShootOpenAsync(IPage page, string folder, string name)
    {
        if (name == "review")
        {
            await page.Keyboard.PressAsync("o");
            await page.WaitForSelectorAsync(".bands");
            await page.Keyboard.PressAsync("1");
            await ShootAsync(page, folder, "review-override");
            await page.ClickAsync("[data-act=bulk]");
            await page.WaitForSelectorAsync("[data-review]");
            await ShootAsync(page, folder, "review-bulk");
            return;
        }

        await page.Keyboard.PressAsync("Control+k");
        await page.WaitForSelectorAsync("#palette-input");
        await page.FillAsync("#palette-input", "lotus");
        await page.WaitForSelectorAsync("[data-answered=lotus]");
        await ShootAsync(page, folder, "palette");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await page.WaitForSelectorAsync(".bulk");
        await ShootAsync(page, folder, "leads-bulk");
    }

    private static async Task OpenAsync(IPage page, Uri url, string path)
    {
        await page.GotoAsync(new Uri(url, path).ToString());
        await page.WaitForSelectorAsync("h1");
        await page.WaitForFunctionAsync("() => !document.querySelector('.sk')");
    }

    private static async Task<List<(string Name, string Path)>> PagesAsync(Uri url, IPage page)
    {
        var lead = await page.Locator("tr[data-lead] a").First.GetAttributeAsync("href");
        var import = await DraftAsync(url, page);
        var done = await ImportAsync(url);
        using var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", "demo-acme-key");
        var enriched = await EnrichedAsync(url, page, http);
        await DemoHistory.MakeAsync(http, 1500);
        return [("home", "/home"), ("review", "/review"), ("routing", "/routing"), ("keys", "/keys"), ("calls", "/calls"), ("dialogues", "/dialogues"), ("campaigns", "/campaigns"), ("analytics", "/analytics"), ("analytics-leads", "/analytics?view=leads"), ("analytics-quality", "/analytics?view=quality"), ("analytics-compliance", "/analytics?view=compliance"), ("compliance", "/compliance"), ("audit", "/audit"), ("messages", "/messages"), ("callbacks", "/callbacks"), ("leads", "/leads"), ("lead", lead!), ("lead-enriched", enriched), ("imports", "/imports"), ("import-new", "/imports/new"), ("import-columns", import), ("import-result", done), ("pipeline", "/pipeline"), ("models", "/models"), ("profile", "/profile"), ("settings", "/settings"), ("nothing", "/nothing-here"), ("leads-nomatch", "/leads?q=zzzz")];
    }

    /// <summary>A lead that says one thing of its firm while a paid source says another.</summary>
    private static async Task<string> EnrichedAsync(Uri url, IPage page, HttpClient http)
    {
        await page.GotoAsync(new Uri(url, "/settings").ToString());
        await page.FillAsync("#budget", "25");
        await page.ClickAsync("[data-sources] .cb .btn");
        using var on = await http.PutAsJsonAsync("/api/v1/sources/register", new { enabled = true, key = "demo" });
        on.EnsureSuccessStatusCode();
        // Settings and switches are read anew by every node after five seconds.
        await Task.Delay(TimeSpan.FromSeconds(6));
        using var posted = await http.PostAsJsonAsync("/api/v1/leads", new { name = "Meera Example", email = "meera@nimbus-foundry.example.com", company = "Nimbus Foundry Pvt Ltd", title = "VP Finance", employees = 240, city = "Rajkot", country = "India" });
        var id = JsonDocument.Parse(await posted.Content.ReadAsStringAsync()).RootElement.GetProperty("items")[0].GetProperty("leadId").GetGuid();
        while (JsonDocument.Parse(await http.GetStringAsync($"/api/v1/leads/{id}")).RootElement.GetProperty("score").ValueKind == JsonValueKind.Null)
        {
            await Task.Delay(100);
        }

        return $"/leads/{id}";
    }

    /// <summary>A draft through the wizard's own upload.</summary>
    private static async Task<string> DraftAsync(Uri url, IPage page)
    {
        await page.GotoAsync(new Uri(url, "/imports/new").ToString());
        await page.WaitForSelectorAsync("#import-file", new() { State = WaitForSelectorState.Attached });
        await page.SetInputFilesAsync("#import-file", Sample());
        await page.WaitForSelectorAsync(".map");
        return new Uri(page.Url).AbsolutePath;
    }

    private static async Task<string> ImportAsync(Uri url)
    {
        using var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", "demo-acme-key");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(await File.ReadAllBytesAsync(Sample())), "file", "leads.csv" } };
        using var answer = await http.PostAsync("/api/v1/imports", form);
        var id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetGuid();
        string state;
        do
        {
            await Task.Delay(100);
            state = JsonDocument.Parse(await http.GetStringAsync($"/api/v1/imports/{id}")).RootElement.GetProperty("state").GetString()!;
        }
        while (state == "running");

        return $"/imports/{id}";
    }

    private static string Sample() => Path.Combine(AixProcess.ContentRoot(), "..", "samples", "leads.csv");

    private static async Task ShootAsync(IPage page, string folder, string name)
    {
        foreach (var theme in new[] { "light", "dark" })
        {
            await page.EvaluateAsync("t => document.documentElement.dataset.theme = t", theme);
            foreach (var (width, height) in Sizes)
            {
                var suffix = width == 1280 ? "" : $"-{width}";
                // The page scrolls inside the shell: a tall window shows all of it.
                var tall = name is "models" or "models-hi" or "profile" or "settings" or "lead" or "lead-enriched" ? 2200 : height;
                await page.SetViewportSizeAsync(width, tall);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}{suffix}-{theme}.png"), Animations = ScreenshotAnimations.Disabled });
            }
        }
    }
}
