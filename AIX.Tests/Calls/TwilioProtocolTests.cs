using System.Net;
using System.Text;
using System.Text.Json;
using AIX.Core.Calls;
using AIX.Core.Conversations;
using AIX.Infrastructure.Calls.Twilio;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

public class TwilioProtocolTests
{
    private static readonly RouteOptions Account = new() { Name = "test", AccountSid = "AC00000000000000000000000000000001", AuthToken = "token", CallerId = "+14155550100", BaseUrl = "https://provider.test" };

    public static TheoryData<string> Vectors => [.. Json("twilio-signature-vectors.json").GetProperty("vectors").EnumerateArray().Select(v => v.GetProperty("name").GetString()!)];

    /// <summary>Vectors computed with Twilio's own library.</summary>
    [Theory]
    [MemberData(nameof(Vectors))]
    public void Signature_IsCheckedAsTwilioDoes(string name)
    {
        var vector = Json("twilio-signature-vectors.json").GetProperty("vectors").EnumerateArray().First(v => v.GetProperty("name").GetString() == name);
        var form = new List<KeyValuePair<string, string>>();
        foreach (var parameter in vector.GetProperty("params").EnumerateObject())
        {
            form.AddRange(parameter.Value.ValueKind == JsonValueKind.Array ? parameter.Value.EnumerateArray().Select(v => new KeyValuePair<string, string>(parameter.Name, v.GetString()!)) : [new(parameter.Name, parameter.Value.GetString()!)]);
        }

        var body = vector.TryGetProperty("rawBody", out var raw) ? Encoding.UTF8.GetBytes(raw.GetString()!) : null;

        TwilioSignature.IsValid(vector.GetProperty("authToken").GetString()!, vector.GetProperty("signature").GetString()!, vector.GetProperty("url").GetString()!, form, body).ShouldBe(vector.GetProperty("expectedValid").GetBoolean());
    }

    [Fact]
    public void Signature_ThatIsNoBase64_IsFalse() => TwilioSignature.IsValid("t", "!!", "https://a.test/", []).ShouldBeFalse();

    /// <summary>Character by character what Twilio's own library writes.</summary>
    [Fact]
    public void Twiml_IsWrittenAsTwiliosLibraryDoes()
    {
        var samples = Json("twiml-samples.json");
        var gather = new TwimlWriter();
        gather.Begin("Gather", ("input", "speech dtmf"), ("language", "hi-IN"), ("hints", "हाँ,नहीं,बाद में"), ("speechTimeout", "auto"), ("timeout", "5"), ("numDigits", "1"), ("actionOnEmptyResult", "true"), ("action", "/twilio/turn?callId=7"), ("method", "POST"), ("profanityFilter", "false"));
        gather.Say("नमस्ते, क्या अभी बात हो सकती है?", "Polly.Kajal-Neural", "hi-IN").End().Redirect("/twilio/turn?callId=7&empty=1");
        gather.ToString().ShouldBe(samples.GetProperty("gatherHindi").GetString());
        new TwimlWriter().Pause(1).Say("A & B < C \"quoted\" 'apos'").Hangup().ToString().ShouldBe(samples.GetProperty("escape").GetString());
        new TwimlWriter().Reject("busy").ToString().ShouldBe(samples.GetProperty("reject").GetString());
        new TwimlWriter().Begin("Connect").Begin("Stream", ("url", "wss://h.example.in/twilio/media")).Element("Parameter", null, ("name", "attemptId"), ("value", "42")).ToString().ShouldBe(samples.GetProperty("stream").GetString());
        new TwimlWriter().Say("Connecting you to a specialist.", "Google.en-IN-Neural2-A", "en-IN")
            .Begin("Dial", ("timeout", "20"), ("timeLimit", "1800"), ("callerId", "+14155550100"), ("record", "record-from-answer-dual"), ("action", "https://h.example.in/twilio/dial-done"), ("answerOnBridge", "true"))
            .Element("Number", "+14155550123", ("statusCallback", "https://h.example.in/twilio/agent-leg"), ("statusCallbackEvent", "initiated ringing answered completed")).ToString().ShouldBe(samples.GetProperty("handoff").GetString());
        new TwimlWriter().Element("Record", null, ("maxLength", "120"), ("playBeep", "true"), ("trim", "trim-silence"), ("finishOnKey", "#"), ("recordingStatusCallback", "https://h.example.in/twilio/recording")).ToString().ShouldBe(samples.GetProperty("record").GetString());

        var relay = new TwimlWriter();
        relay.Begin("Start").Element("Recording", null, ("channels", "dual"), ("recordingStatusCallback", "https://h.example.in/twilio/recording"), ("recordingStatusCallbackEvent", "in-progress completed absent")).End();
        relay.Begin("Connect", ("action", "https://h.example.in/twilio/relay-ended"));
        relay.Begin(
            "ConversationRelay", ("url", "wss://h.example.in/twilio/relay"), ("welcomeGreeting", "नमस्ते"), ("ttsProvider", "Google"), ("voice", "hi-IN-Standard-A"), ("language", "hi-IN"), ("transcriptionProvider", "Google"), ("interruptible", "any"), ("dtmfDetection", "true"), ("reportInputDuringAgentSpeech", "none"));
        relay.Element("Language", null, ("code", "hi-IN"), ("ttsProvider", "Google"), ("voice", "hi-IN-Standard-A"), ("transcriptionProvider", "Google"));
        relay.Element("Language", null, ("code", "en-IN"), ("ttsProvider", "Google"), ("voice", "en-IN-Standard-A"), ("transcriptionProvider", "Google"));
        relay.Element("Parameter", null, ("name", "attemptId"), ("value", "42")).ToString().ShouldBe(samples.GetProperty("relay").GetString());
    }

    [Fact]
    public void Twiml_OfALeadWithMarkupInItsName_IsStillOneSay()
    {
        var xml = new TwimlWriter().Say("</Say><Dial>+15005550006</Dial>\u0000\u0007").ToString();

        var root = System.Xml.Linq.XDocument.Parse(xml).Root!;
        root.Elements().Select(e => e.Name.LocalName).ShouldBe(["Say"]);
        root.Element("Say")!.Value.ShouldBe("</Say><Dial>+15005550006</Dial>");
    }

    /// <summary>Every key that is sent is one that Twilio knows; a misspelt one would be dropped in silence.</summary>
    [Fact]
    public async Task CreateCall_SendsOnlyKeysThatTwilioKnows_Once()
    {
        var sent = new List<string>();
        var telephony = Telephony((request, body) =>
        {
            sent.Add(body);
            request.Headers.Authorization!.ToString().ShouldBe("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Account.AccountSid}:{Account.AuthToken}")));
            return Answer(201, """{"sid":"CA00000000000000000000000000000001"}""");
        });

        (await telephony.PlaceAsync(Call(), 25, 600, CancellationToken.None)).ShouldBe(new PlaceResult.Placed("CA00000000000000000000000000000001"));

        var allowed = Json("twilio-allowed-params.json").GetProperty("CreateCall").GetProperty("parameters").EnumerateObject().Select(p => p.Name).ToHashSet();
        var keys = sent.Single().Split('&').Select(p => p.Split('=')[0]).ToList();
        keys.Where(k => !allowed.Contains(k)).ShouldBeEmpty();
        keys.Count(k => k == "StatusCallbackEvent").ShouldBe(3);
    }

    [Theory]
    [InlineData(400, """{"code":21211,"message":"bad","status":400}""", ProviderFault.InvalidNumber, false)]
    [InlineData(400, """{"type":"x","title":"bad","status":400,"code":"21215"}""", ProviderFault.Configuration, false)]
    [InlineData(429, """{"code":20429,"message":"too many","status":429}""", ProviderFault.Busy, true)]
    [InlineData(401, "<html>", ProviderFault.Configuration, false)]
    public async Task Error_OfAnyShape_BecomesWhatToDo(int status, string body, ProviderFault fault, bool retry)
    {
        var refused = (await Telephony((_, _) => Answer(status, body)).PlaceAsync(Call(), 25, 600, CancellationToken.None)).ShouldBeOfType<PlaceResult.Refused>();

        (refused.Error.Fault, refused.Retry).ShouldBe((fault, retry));
    }

    /// <summary>Prevents: a second call because the answer to the first was lost.</summary>
    [Theory]
    [InlineData(502, "<html>bad gateway</html>")]
    [InlineData(200, "<html>a proxy's page</html>")]
    public async Task Answer_ThatIsLost_IsUnknown_AndNeverRetried(int status, string body)
    {
        var posts = 0;
        var telephony = Telephony((_, _) =>
        {
            posts++;
            return Answer(status, body);
        });

        (await telephony.PlaceAsync(Call(), 25, 600, CancellationToken.None)).ShouldBeOfType<PlaceResult.Unknown>();
        posts.ShouldBe(1);
    }

    [Fact]
    public void CallerId_OfIndia_OnARouteFromAbroad_IsRefusedWhenConfigured() =>
        Should.Throw<InvalidOperationException>(() => new TwilioTelephony([new RouteOptions { Name = "in", CallerId = "+919876543210" }], new HttpClient(), new Address(), new CallOptions(), TimeProvider.System)).Message.ShouldContain("+919876543210");

    [Theory]
    [InlineData("", "", "https://api.twilio.com")]
    [InlineData("singapore", "", "https://api.singapore.us1.twilio.com")]
    [InlineData("", "ie1", "https://api.ie1.twilio.com")]
    [InlineData("dublin", "ie1", "https://api.dublin.ie1.twilio.com")]
    public void BaseAddress_FollowsEdgeAndRegion(string edge, string region, string address) => TwilioClient.BaseOf(new RouteOptions { Edge = edge, Region = region }).ShouldBe(address);

    [Theory]
    [InlineData(CallState.Ringing, CallState.Queued, false)]
    [InlineData(CallState.Completed, CallState.InProgress, false)]
    [InlineData(CallState.Busy, CallState.Completed, false)]
    [InlineData(CallState.Queued, CallState.InProgress, true)]
    [InlineData(CallState.Uncertain, CallState.Ringing, true)]
    public void State_MovesForwardOnly(CallState from, CallState to, bool may) => CallStates.MayMove(from, to).ShouldBe(may);

    private static TwilioTelephony Telephony(Func<HttpRequestMessage, string, HttpResponseMessage> answer) => new([Account], new HttpClient(new Handler(answer)), new Address(), new CallOptions(), TimeProvider.System);

    private static HttpResponseMessage Answer(int status, string body) => new((HttpStatusCode)status) { Content = new StringContent(body) };

    private static Call Call() => new()
    {
        TenantId = new(Guid.CreateVersion7()),
        Id = Guid.CreateVersion7(),
        LeadId = Guid.CreateVersion7(),
        ToNumber = "+911111100001",
        FromNumber = "+14155550100",
        Route = "test",
        FlowKey = "qualification",
        FlowVersion = 1,
        Language = "en",
        Transport = CallTransport.Gather,
        State = CallState.Posting,
        Gate = "{}",
        Facts = "{}",
        CreatedAt = DateTimeOffset.UnixEpoch,
        SeenAt = DateTimeOffset.UnixEpoch,
    };

    private static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", file))).RootElement;

    private sealed class Address : IPublicAddress
    {
        public string Base => "https://aix.test";
    }

    private sealed class Handler(Func<HttpRequestMessage, string, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
    }
}
