using System.Diagnostics;
using System.Text.Json.Nodes;
using AIX.Core.Calls;
using AIX.Infrastructure.Calls.Twilio;
using AIX.Tests.Support;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

/// <summary>The client against Twilio's own OpenAPI document on a mock server; both come from npm, and where npm is missing or cannot reach its registry the test is skipped with that reason.</summary>
public sealed class TwilioOpenApiTests : IAsyncLifetime
{
    private const string Packages = "@stoplight/prism-cli@5.14.2 @twilio/cli-core@8.3.2";
    private const string Call = "CA00000000000000000000000000000001";

    private Process? _server;
    private string? _reason;
    private int _port;

    public async Task InitializeAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), "aix-prism-5.14.2-8.3.2");
        Directory.CreateDirectory(folder);
        var spec = Path.Combine(folder, "node_modules/@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json");
        if (!File.Exists(spec) && await Npm.InstallAsync(folder, Packages) is { } failure)
        {
            _reason = $"Prism and Twilio's OpenAPI document could not be installed from npm: {failure}";
            return;
        }

        var strict = Path.Combine(folder, "strict.json");
        await File.WriteAllTextAsync(strict, Tighten(await File.ReadAllTextAsync(spec)));
        _port = Npm.FreePort();

        _server = Process.Start(new ProcessStartInfo("node", $"node_modules/@stoplight/prism-cli/dist/index.js mock -h 127.0.0.1 -p {_port} --errors strict.json") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await _server.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains("Prism is listening", StringComparison.Ordinal))
            {
                // Its further words are read, lest its pipe runs full.
                _ = _server.StandardOutput.ReadToEndAsync(CancellationToken.None);
                _ = _server.StandardError.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        _reason = "The mock server did not start.";
    }

    public Task DisposeAsync()
    {
        _server?.Kill(true);
        _server?.Dispose();
        return Task.CompletedTask;
    }

    [SkippableFact]
    public async Task Client_SpeaksTwiliosInterface()
    {
        Skip.If(_reason is not null, _reason);
        using var http = new HttpClient();
        var account = new RouteOptions { Name = "prism", BaseUrl = $"http://127.0.0.1:{_port}", AccountSid = "AC00000000000000000000000000000001", AuthToken = "token", CallerId = "+14155550100" };
        var telephony = new TwilioTelephony([account], http, new Address(), new CallOptions(), TimeProvider.System);
        var client = new TwilioClient(http, account, () => "");

        (await telephony.PlaceAsync(Attempt(), 25, 600, CancellationToken.None)).ShouldBeOfType<PlaceResult.Placed>();
        (await telephony.FindAsync("prism", Call, CancellationToken.None)).ShouldNotBeNull();
        await telephony.ListAsync("prism", "+911111100001", "+14155550100", DateTimeOffset.UnixEpoch, CancellationToken.None);
        await client.ListCallsAsync(null, "+14155550100", DateTimeOffset.UnixEpoch, 200, CancellationToken.None);
        await telephony.HangUpAsync("prism", Call, CallState.Ringing, CancellationToken.None);
        await telephony.TransferAsync(Attempt(), CancellationToken.None);
        (await telephony.StartRecordingAsync(Attempt(), CancellationToken.None)).ShouldNotBeNull();
        await client.UpdateRecordingAsync(Call, "RE00000000000000000000000000000001", [new("Status", "stopped")], CancellationToken.None);
        await telephony.DeleteRecordingAsync("prism", "RE00000000000000000000000000000001", CancellationToken.None);
        await client.SendMessageAsync([new("To", "+911111100001"), new("From", "+14155550100"), new("Body", "Hello")], CancellationToken.None);

        // The oracle is awake: what Twilio would refuse, it refuses.
        (await Should.ThrowAsync<TwilioException>(() => client.UpdateCallAsync(Call, [new("Status", "done")], CancellationToken.None))).Error.HttpStatus.ShouldBe(422);
        (await Should.ThrowAsync<TwilioException>(() => client.CreateCallAsync([new("To", "+911111100001")], CancellationToken.None))).Error.HttpStatus.ShouldBe(422);
    }

    /// <summary>Repeated keys are arrays; without an encoding the mock refuses every one. Events are those that the prose names.</summary>
    private static string Tighten(string spec)
    {
        var root = JsonNode.Parse(spec)!;
        foreach (var operation in root["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value as JsonObject))
        {
            if (operation?["requestBody"]?["content"]?["application/x-www-form-urlencoded"] is not JsonObject form || form["schema"]?["properties"] is not JsonObject properties)
            {
                continue;
            }

            foreach (var (name, schema) in properties)
            {
                if ((string?)schema!["type"] == "array")
                {
                    var encoding = form["encoding"] as JsonObject;
                    if (encoding is null)
                    {
                        form["encoding"] = encoding = [];
                    }

                    encoding[name] = new JsonObject { ["style"] = "form", ["explode"] = true };
                    if (name == "StatusCallbackEvent")
                    {
                        schema["items"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("initiated", "ringing", "answered", "completed") };
                    }
                }
            }
        }

        Loosen(root);
        return root.ToJsonString();
    }

    /// <summary>The document's own examples of lists name their pages by relative addresses, which its schema does not allow; what is checked here is what is sent.</summary>
    private static void Loosen(JsonNode? node)
    {
        if (node is JsonObject schema)
        {
            foreach (var (name, value) in schema)
            {
                if (name is "first_page_uri" or "next_page_uri" or "previous_page_uri" or "uri" && value is JsonObject property)
                {
                    property.Remove("format");
                }

                Loosen(value);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                Loosen(item);
            }
        }
    }

    private static AIX.Core.Calls.Call Attempt() => new()
    {
        TenantId = new(Guid.CreateVersion7()),
        Id = Guid.CreateVersion7(),
        LeadId = Guid.CreateVersion7(),
        ToNumber = "+911111100001",
        FromNumber = "+14155550100",
        Route = "prism",
        FlowKey = "qualification",
        FlowVersion = 1,
        Language = "en",
        Transport = CallTransport.Gather,
        State = CallState.InProgress,
        Gate = "{}",
        Facts = "{}",
        ProviderSid = Call,
        CreatedAt = DateTimeOffset.UnixEpoch,
        SeenAt = DateTimeOffset.UnixEpoch,
    };

    private sealed class Address : IPublicAddress
    {
        public string Base => "https://aix.example.com";
    }
}
