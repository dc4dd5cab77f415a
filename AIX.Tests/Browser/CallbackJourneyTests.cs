using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using AIX.Bench;
using AIX.Infrastructure.Calls.Simulation;
using AIX.Tests.Support;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AIX.Tests.Browser;

/// <summary>A callback as an agent lives it; the program's clock stands at noon of a Monday in India.</summary>
public class CallbackJourneyTests(BrowserFixture fixture) : BrowserTest(fixture), IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Agent_PlansMovesAndTakesBack_ByKeyboardAndMouse_AndACallKeepsIt()
    {
        using var api = Fixture.Api();
        var number = Enumerable.Range(36_000, 500).Select(i => $"+9111111{i:00000}").First(n => new Persona(int.Parse(n[^6..], CultureInfo.InvariantCulture)).Kind == PersonaKind.Keen);
        (await api.PostAsJsonAsync("/api/v1/leads", new { name = "Callback Example", phone = number, company = "Lotus Example" })).EnsureSuccessStatusCode();
        await Consents.GiveAsync(api, [number]);
        var lead = Guid.Empty;
        await Wait.UntilAsync(async () => (await api.GetFromJsonAsync<JsonElement>("/api/v1/leads?q=Callback&limit=5")).GetProperty("items") is { } items && items.GetArrayLength() == 1 && (lead = items[0].GetProperty("id").GetGuid()) != Guid.Empty, "the lead of the journey");
        await SignInAsync("agent@acme.example.com");
        await OpenAsync("/callbacks");

        // By keyboard.
        await Page.FocusAsync("[data-new]");
        await Page.Keyboard.PressAsync("Enter");
        await Page.FocusAsync("#cb-lead");
        await Page.Keyboard.TypeAsync("Callback Ex");
        await Expect(Page.Locator("#cb-hits[data-answered='Callback Ex'] [role=option]")).ToHaveCountAsync(1);
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("[data-lead]")).ToContainTextAsync("Callback Example, Lotus Example");
        await Page.FillAsync("#cb-at", "2026-11-24T11:00");
        await Page.FocusAsync("[data-save]");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("aside[data-next]")).ToContainTextAsync("Callback Example");
        await DueAsync(lead, "2026-11-24 05:30");

        // Dropped on another day, taken back from the toast.
        // The browser drags from the second movement on; 28 half hours a day: Thursday at two.
        var slot = Page.Locator("[data-calendar] .rz-slot").Nth((3 * 28) + 12);
        await Appointment.HoverAsync();
        await Page.Mouse.DownAsync();
        await slot.HoverAsync();
        await slot.HoverAsync();
        await Page.Mouse.UpAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Undo" })).ToBeVisibleAsync();
        await DueAsync(lead, "2026-11-26 08:30");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await DueAsync(lead, "2026-11-24 05:30");

        // A click on what stands where it was a moment ago is nobody's: the calendar has it no more.
        await Expect(Day(1)).ToContainTextAsync("Callback Example");

        // To today, by its form; then it is called, and that was it.
        await Appointment.ClickAsync();
        await Page.FillAsync("#cb-when", "2026-11-23T12:05");
        await Page.Locator("[data-move]").ClickAsync();
        await DueAsync(lead, "2026-11-23 06:35");
        (await api.PostAsJsonAsync("/api/v1/calls", new { leadId = lead })).EnsureSuccessStatusCode();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Open again" })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(Page.Locator("[data-missed]")).ToHaveCountAsync(0);
        (await ViolationsAsync("open")).ShouldBeEmpty();
    }

    private ILocator Appointment => Page.Locator("[data-calendar] .rz-event", new() { HasText = "Callback Example" }).First;

    /// <param name="day">0 for Monday.</param>
    private ILocator Day(int day) => Page.Locator("[data-calendar] .rz-events").Nth(day);

    private Task DueAsync(Guid lead, string at) => Wait.UntilAsync(async () => await DueAsync(lead) == at, $"a callback at {at}");

    private Task<string?> DueAsync(Guid lead) => Fixture.ScalarAsync<string>($"SELECT to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM aix.lead_tasks WHERE lead_id = '{lead}'");
}
