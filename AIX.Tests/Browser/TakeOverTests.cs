using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using AIX.Infrastructure.Calls.Simulation;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AIX.Tests.Browser;

/// <summary>Calls slow enough for somebody to step in.</summary>
public sealed class SlowCalls : BrowserFixture
{
    protected override int Speed => 5;
}

public class TakeOverTests(SlowCalls fixture) : BrowserTest(fixture), IClassFixture<SlowCalls>
{
    /// <summary>Prevents: the button that hands a live call to a person does nothing on the line. The colleague's phone rings, is taken, and what came of it stands in the transcript.</summary>
    [Fact]
    public async Task Agent_TakesOverALiveCall_AndTheColleagueIsOnTheLine()
    {
        await CallAsync("agent@acme.example.com", 30_000);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Take over" }).ClickAsync();

        await Expect(Page.Locator("[data-transcript]")).ToContainTextAsync("A colleague talked to them:", new() { Timeout = 60_000 });
        await Expect(Page.Locator("[data-transcript] > .row > .tag")).ToHaveTextAsync("Handed over");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Take over" })).ToHaveCountAsync(0);
    }

    /// <summary>Prevents: "end" leaves the other phone on the line.</summary>
    [Fact]
    public async Task Manager_EndsALiveCall_AndTheLineIsFree()
    {
        await CallAsync("manager@acme.example.com", 40_000);
        await Expect(Page.Locator("[data-transcript] .turn").First).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "End" }).ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "End" })).ToHaveCountAsync(0);
        using var api = Fixture.Api();
        var id = new Uri(Page.Url).Segments[^1];
        var call = await api.GetFromJsonAsync<JsonElement>($"/api/v1/calls/{id}");
        call.GetProperty("state").GetString().ShouldBe("Completed");
    }

    private async Task CallAsync(string user, int from)
    {
        var suffix = Enumerable.Range(from, 9_000).First(i => new Persona(int.Parse($"+9111111{i:00000}"[^6..], CultureInfo.InvariantCulture)) is { Kind: PersonaKind.Keen, HangsUpEarly: false });
        using var api = Fixture.Api();
        var created = await (await api.PostAsJsonAsync("/api/v1/leads", new { name = "Meera Example", company = "Take Over Example", phone = $"+9111111{suffix:00000}" })).Content.ReadFromJsonAsync<JsonElement>();
        await AIX.Bench.Consents.GiveAsync(api, [$"+9111111{suffix:00000}"]);
        await SignInAsync(user);
        await OpenAsync($"/leads/{created.GetProperty("items")[0].GetProperty("leadId").GetGuid()}");
        await Page.Locator("[data-dial]").ClickAsync();
        await AtAsync("/calls/.+");
    }
}
