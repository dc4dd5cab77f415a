using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using AIX.Bench;
using AIX.Infrastructure.Calls.Simulation;
using AIX.Tests.Support;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

/// <summary>The whole program with the simulated network at its other end, at noon in India.</summary>
public sealed class CallFixture : IAsyncLifetime
{
    private AixProcess? _node;

    internal HttpClient Acme { get; private set; } = null!;

    internal HttpClient Globex { get; private set; } = null!;

    internal Uri Url => _node!.Url;

    public async Task InitializeAsync()
    {
        _node = await AixProcess.StartAsync(
            environment: new Dictionary<string, string> { ["Database__ConnectionString"] = await TestCluster.CreateDatabaseAsync(), ["Calls__SimulatorSpeed"] = "200", ["Calls__SimulatorClock"] = "2026-11-23T12:00:00+05:30", ["Calls__SilentSeconds"] = "5", ["Calls__UncertainSeconds"] = "10", ["Calls__HandOverNumber"] = "+911111199999" },
            program: Path.Combine(AppContext.BaseDirectory, "AIX.Web.dll"));
        (Acme, Globex) = (Api("demo-acme-key"), Api("demo-globex-key"));
    }

    public async Task DisposeAsync()
    {
        await _node!.DisposeAsync();

        // What runs in the background fails nowhere else.
        _node.Errors.ShouldBeEmpty();
    }

    private HttpClient Api(string key) => new() { BaseAddress = _node!.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
}

public class SimulatedCallTests(CallFixture fixture) : IClassFixture<CallFixture>
{
    private static int _next = 10_000;

    [Theory]
    [InlineData(nameof(PersonaKind.Keen), "gather", "en", "AppointmentSet")]
    [InlineData(nameof(PersonaKind.Hindi), "gather", "hi", "AppointmentSet")]
    [InlineData(nameof(PersonaKind.Hinglish), "relay", "hi", "AppointmentSet")]
    [InlineData(nameof(PersonaKind.Keen), "relay", "en", "AppointmentSet")]
    [InlineData(nameof(PersonaKind.NoAnswer), "gather", "en", "NoAnswer")]
    [InlineData(nameof(PersonaKind.LineBusy), "gather", "en", "Busy")]
    [InlineData(nameof(PersonaKind.WrongNumber), "relay", "en", "WrongNumber")]
    [InlineData(nameof(PersonaKind.AsksForHuman), "gather", "en", "Transferred")]
    [InlineData(nameof(PersonaKind.Busy), "gather", "en", "Callback")]
    [InlineData(nameof(PersonaKind.Voicemail), "gather", "en", "Voicemail")]
    public async Task Call_FromThePressedButtonToItsOutcome(string kind, string transport, string language, string disposition)
    {
        var call = await FinishAsync(await PlaceAsync(await LeadAsync(Enum.Parse<PersonaKind>(kind)), transport, language));

        call.GetProperty("disposition").GetString().ShouldBe(disposition, call.ToString());
        call.GetProperty("wrappedUp").GetBoolean().ShouldBeTrue();
        if (disposition is "Transferred")
        {
            // The colleague's leg rang, was taken, and its end stands in the transcript.
            call = await UntilAsync(call.GetProperty("id").GetGuid(), c => c.GetProperty("turns").EnumerateArray().Any(t => t.GetProperty("text").GetString()!.StartsWith("A colleague talked to them:", StringComparison.Ordinal)));
        }

        if (disposition is "AppointmentSet")
        {
            call.GetProperty("turns").EnumerateArray().First().GetProperty("text").GetString()!.ShouldContain(language == "hi" ? "एआई सहायक" : "AI assistant");
            call.GetProperty("summary").GetString()!.ShouldContain("salesTeam");

            // The turn that said it has it, and no other.
            call.GetProperty("turns").EnumerateArray().Count(t => t.GetProperty("slots") is { ValueKind: JsonValueKind.Object } slots && slots.TryGetProperty("salesTeam", out _)).ShouldBe(1, call.ToString());
        }
    }

    /// <summary>Prevents: who opted out is called again.</summary>
    [Fact]
    public async Task OptOut_SuppressesTheNumberForTheWholeTenant()
    {
        var lead = await LeadAsync(PersonaKind.OptsOut);
        (await FinishAsync(await PlaceAsync(lead, "gather", "en"))).GetProperty("disposition").GetString().ShouldBe("OptOut");

        var again = await fixture.Acme.PostAsJsonAsync("/api/v1/calls", new { leadId = lead });

        again.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await again.Content.ReadAsStringAsync()).ShouldContain("asked never to be called again");
    }

    [Fact]
    public async Task Recording_IsFetchedHashedAndDeletedAtTheProvider()
    {
        var id = await PlaceAsync(await LeadAsync(PersonaKind.Keen), "gather", "en");
        await FinishAsync(id);

        var call = await UntilAsync(id, c => c.GetProperty("recording").ValueKind == JsonValueKind.Object && c.GetProperty("recording").GetProperty("deletedAtProvider").ValueKind == JsonValueKind.String);

        call.GetProperty("recording").GetProperty("sha256").GetString()!.Length.ShouldBe(64);
    }

    [Fact]
    public async Task Webhook_ThatIsForged_OrOfAnotherTenantsCall_OrOfNone_Is403()
    {
        var id = await PlaceAsync(await LeadAsync(PersonaKind.Keen), "gather", "en");
        using var anybody = new HttpClient { BaseAddress = fixture.Url };
        foreach (var (path, signature) in new[] { ($"/twilio/status/{id}", "forged"), ($"/twilio/status/{id}", ""), ($"/twilio/voice/{Guid.CreateVersion7()}", "RSOYDt4T1cUTdK1PDd93/VVr8B8="), ($"/twilio/turn/{id}?step=1", "RSOYDt4T1cUTdK1PDd93/VVr8B8=") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("CallSid", "CA" + new string('0', 32)), new("AccountSid", TwilioSimulator.AccountSid), new("CallStatus", "completed")]) };
            request.Headers.TryAddWithoutValidation("X-Twilio-Signature", signature);
            (await anybody.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await fixture.Globex.GetAsync($"/api/v1/calls/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await FinishAsync(id)).GetProperty("disposition").GetString().ShouldBe("AppointmentSet");
    }

    [Fact]
    public async Task Webhook_OfASecondCallForOneAttempt_IsHungUp_AndARepeatedEventChangesNothing()
    {
        var id = await PlaceAsync(await LeadAsync(PersonaKind.Keen), "gather", "en");
        var call = await FinishAsync(id);
        var turns = call.GetProperty("turns").GetArrayLength();

        (await SignedAsync($"/twilio/voice/{id}", [new("CallSid", "CA" + new string('9', 32))])).ShouldContain("<Hangup/>");
        (await SignedAsync($"/twilio/turn/{id}?step=1", [new("CallSid", "CA" + new string('9', 32)), new("SpeechResult", new string('x', 10_000))])).ShouldContain("<Hangup/>");
        await SignedAsync($"/twilio/status/{id}", [new("CallSid", "CA" + new string('9', 32)), new("CallStatus", "ringing"), new("SequenceNumber", "0")]);

        var after = await GetAsync(id);
        (after.GetProperty("state").GetString(), after.GetProperty("turns").GetArrayLength()).ShouldBe((call.GetProperty("state").GetString(), turns));
    }

    [Fact]
    public async Task Socket_WithoutSignature_IsRefused_AndGarbageClosesIt()
    {
        var id = await PlaceAsync(await LeadAsync(PersonaKind.NoAnswer), "relay", "en");
        var url = new Uri($"ws://{fixture.Url.Authority}/twilio/relay/{id}");
        using var unsigned = new ClientWebSocket();
        await Should.ThrowAsync<WebSocketException>(() => unsigned.ConnectAsync(url, CancellationToken.None));

        using var signed = new ClientWebSocket();
        signed.Options.SetRequestHeader("X-Twilio-Signature", Sign(url.ToString(), []));
        await signed.ConnectAsync(url, CancellationToken.None);
        for (var i = 0; i < 12 && signed.State == WebSocketState.Open; i++)
        {
            await signed.SendAsync(Encoding.UTF8.GetBytes("{not json"), WebSocketMessageType.Text, true, CancellationToken.None);
        }

        (await signed.ReceiveAsync(new byte[1_000], CancellationToken.None)).MessageType.ShouldBe(WebSocketMessageType.Close);
    }

    [Fact]
    public async Task Call_ToALeadWithoutANumber_OrInADuplicate_IsRefusedWithTheReason()
    {
        var created = await (await fixture.Acme.PostAsJsonAsync("/api/v1/leads", new { name = "Nobody Example", email = $"n{Interlocked.Increment(ref _next)}@lotus.example.com" })).Content.ReadFromJsonAsync<JsonElement>();
        var refused = await fixture.Acme.PostAsJsonAsync("/api/v1/calls", new { leadId = created.GetProperty("items")[0].GetProperty("leadId").GetGuid() });
        (await refused.Content.ReadAsStringAsync()).ShouldContain("no valid phone number");

        var lead = await LeadAsync(PersonaKind.NoAnswer);
        var first = await PlaceAsync(lead, "gather", "en");
        (await (await fixture.Acme.PostAsJsonAsync("/api/v1/calls", new { leadId = lead })).Content.ReadAsStringAsync()).ShouldContain("A call to this number is going on");
        await FinishAsync(first);
    }

    private async Task<Guid> LeadAsync(PersonaKind kind)
    {
        while (true)
        {
            var suffix = Interlocked.Increment(ref _next);
            var number = $"+9111111{suffix:00000}";
            var persona = new Persona(int.Parse(number[^6..], System.Globalization.CultureInfo.InvariantCulture));
            if (persona.Kind == kind && !persona.HangsUpEarly)
            {
                var answer = await (await fixture.Acme.PostAsJsonAsync("/api/v1/leads", new { name = "Asha Example", company = "Lotus Example", phone = number, email = $"asha{suffix}@lotus.example.com" })).Content.ReadFromJsonAsync<JsonElement>();
                await Consents.GiveAsync(fixture.Acme, [number]);
                return answer.GetProperty("items")[0].GetProperty("leadId").GetGuid();
            }
        }
    }

    private async Task<Guid> PlaceAsync(Guid lead, string transport, string language)
    {
        var answer = await fixture.Acme.PostAsJsonAsync("/api/v1/calls", new { leadId = lead, transport, language });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, body.ToString());
        return body.GetProperty("id").GetGuid();
    }

    private Task<JsonElement> FinishAsync(Guid id) => UntilAsync(id, c => c.GetProperty("wrappedUp").GetBoolean());

    private async Task<JsonElement> UntilAsync(Guid id, Func<JsonElement, bool> done)
    {
        JsonElement call = default;
        await Wait.UntilAsync(async () => done(call = await GetAsync(id)), $"call {id} did not get there");
        return call;
    }

    private async Task<JsonElement> GetAsync(Guid id) => await fixture.Acme.GetFromJsonAsync<JsonElement>($"/api/v1/calls/{id}");

    private async Task<string> SignedAsync(string path, List<KeyValuePair<string, string>> fields)
    {
        fields.Add(new("AccountSid", TwilioSimulator.AccountSid));
        using var http = new HttpClient { BaseAddress = fixture.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", Sign(fixture.Url.ToString().TrimEnd('/') + path, fields));
        return await (await http.SendAsync(request)).Content.ReadAsStringAsync();
    }

    private static string Sign(string url, List<KeyValuePair<string, string>> fields)
    {
#pragma warning disable CA5350 // The protocol prescribes it.
        var message = url + string.Concat(fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Key + f.Value));
        return Convert.ToBase64String(System.Security.Cryptography.HMACSHA1.HashData(Encoding.UTF8.GetBytes(TwilioSimulator.Token), Encoding.UTF8.GetBytes(message)));
    }
}
