using System.Net.Http.Json;
using System.Text.Json;
using AIX.Infrastructure.Calls.Simulation;
using AIX.Tests.Support;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AIX.Tests.Browser;

/// <summary>A call as a person sees it: pressed on the lead's page, followed word by word, ended with an outcome. The program's clock stands at noon in India.</summary>
public class CallJourneyTests(BrowserFixture fixture) : BrowserTest(fixture), IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Agent_CallsALead_FollowsTheTranscript_AndHearsTheRecording()
    {
        var suffix = Enumerable.Range(20_000, 9_000).First(i => new Persona(int.Parse($"+9111111{i:00000}"[^6..], System.Globalization.CultureInfo.InvariantCulture)) is { Kind: PersonaKind.Keen, HangsUpEarly: false });
        using var api = Fixture.Api();
        var created = await (await api.PostAsJsonAsync("/api/v1/leads", new { name = "Asha Example", company = "Call Example", phone = $"+9111111{suffix:00000}" })).Content.ReadFromJsonAsync<JsonElement>();
        var lead = created.GetProperty("items")[0].GetProperty("leadId").GetGuid();
        await AIX.Bench.Consents.GiveAsync(api, [$"+9111111{suffix:00000}"]);
        await SignInAsync("agent@acme.example.com");
        await OpenAsync($"/leads/{lead}");

        await Page.Locator("[data-dial]").ClickAsync();
        await AtAsync("/calls/.+");
        await Expect(Page.Locator("[data-transcript]")).ToContainTextAsync("AI assistant");
        await Expect(Page.Locator("[data-transcript] .turn.l").First).ToBeVisibleAsync();
        await Expect(Page.Locator("[data-transcript] > .row > .tag")).ToHaveTextAsync("Appointment", new() { Timeout = 60_000 });
        await Expect(Page.Locator("[data-transcript] audio")).ToBeVisibleAsync();

        var media = await Page.EvaluateAsync<JsonElement>("async () => { const r = await fetch(document.querySelector('audio').src, { headers: { Range: 'bytes=0-43' } }); return { status: r.status, head: new TextDecoder().decode((await r.arrayBuffer()).slice(0, 4)) }; }");
        (media.GetProperty("status").GetInt32(), media.GetProperty("head").GetString()).ShouldBe((206, "RIFF"));

        // A turn jumps to its place on the recording, and says where its time went.
        await Expect(Page.Locator("[data-latency]").First).ToContainTextAsync("decision");
        await Page.Locator("[data-seek]").Nth(2).ClickAsync();
        await Page.WaitForFunctionAsync("() => { const a = document.querySelector('audio'); return Math.abs(a.currentTime - Number(document.querySelectorAll('[data-seek]')[2].dataset.seek)) < 2; }");
        await OpenAsync($"/leads/{lead}");
        await Expect(Page.Locator(".tl")).ToContainTextAsync("Appointment");
    }

    [Fact]
    public async Task Manager_TriesADialogue_BreaksIt_AndIsToldWhatIsMissing()
    {
        await SignInAsync("manager@acme.example.com");
        await OpenAsync("/dialogues");
        await Page.Locator("[data-start]").ClickAsync();
        await Expect(Page.Locator("[data-tester]")).ToContainTextAsync("AI assistant");
        await Page.GetByPlaceholder("Say something").FillAsync("please never call me again");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("[data-outcome]")).ToContainTextAsync("Opted out");

        // Somebody invented answers.
        await Page.Locator("[data-persona]").SelectOptionAsync("WrongNumber");
        await Page.Locator("[data-start]").ClickAsync();
        await Expect(Page.Locator("[data-outcome]")).ToContainTextAsync("Wrong number");

        // A node by form: laid between where one stands and what came next; what it lacks is named.
        await Page.Locator(".fn").First.ClickAsync();
        await Page.Locator("[data-addnode]").ClickAsync();
        await Expect(Page.Locator("[data-problems]")).ToContainTextAsync("“node1” has no text in “en”");
        await Page.Locator("#text-en").FillAsync("May I ask one more thing?");
        await Page.Locator("#text-hi").FillAsync("क्या मैं एक बात और पूछूँ?");
        await Page.Locator("[data-kind]").SelectOptionAsync("Say");
        await Expect(Page.Locator("[data-problems]")).ToHaveCountAsync(0);
        await Page.Locator("[data-removenode]").ClickAsync();
        await Expect(Page.Locator(".fn text", new() { HasText = "node1" })).ToHaveCountAsync(0);
        await Expect(Page.Locator("[data-problems]")).ToHaveCountAsync(0);

        await Page.Locator("#text-en").FillAsync("Hello.");
        await Expect(Page.Locator("[data-problems]")).ToContainTextAsync("does not say that it is an AI assistant");
        await Expect(Page.GetByText("Save a new version")).ToBeDisabledAsync();
    }
}
