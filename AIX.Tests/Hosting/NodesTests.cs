using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AIX.Bench;
using AIX.Tests.Api;
using AIX.Tests.Support;
using Npgsql;
using Shouldly;
using Xunit;

namespace AIX.Tests.Hosting;

/// <summary>The program as real processes.</summary>
public class NodesTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "AIX.Web.dll");

    /// <summary>kill −9 in the middle of 20,000 leads, start again: every accepted lead scored exactly once, no duplicate, nothing lost; and a polite stop takes the database along.</summary>
    [Fact]
    public async Task Killed_InTheMiddleOfAnImport_FinishesItExactlyOnceAfterARestart()
    {
        var folder = Path.Combine("/var/tmp", $"aix-kill-{Environment.ProcessId}");
        var environment = new Dictionary<string, string> { ["Pipeline__LeaseSeconds"] = "5", ["Intake__ImportChunkRows"] = "1000" };
        try
        {
            Guid import;
            await using (var doomed = await AixProcess.StartAsync(folder, environment, Program))
            {
                using var client = Client(doomed.Url);
                import = await UploadAsync(client, 20_000);
                await Wait.UntilAsync(async () => await CountAsync(client, import, "rows") > 3000 && await CountAsync(client, import, "scored") > 0, "the import to be in the middle");
                (await CountAsync(client, import, "rows")).ShouldBeLessThan(20_000, "the kill came too late to prove anything");
                await doomed.KillAsync();
            }

            var connectionString = ConnectionString(folder);
            await using (var reborn = await AixProcess.StartAsync(folder, environment, Program))
            {
                using var client = Client(reborn.Url);
                await Wait.UntilAsync(async () => await CountAsync(client, import, "accepted") == 20_000 && await CountAsync(client, import, "scored") == 20_000, "the import to end", 120);
                await Wait.UntilAsync(async () => await ScalarAsync(connectionString, "SELECT count(*) FROM aix.pipeline_runs") == 0, "the queue to empty");

                (await ScalarAsync(connectionString, $"SELECT count(*) FROM aix.leads WHERE source_id = '{import}'")).ShouldBe(20_000);
                (await ScalarAsync(connectionString, $"SELECT count(*) FROM aix.lead_scores s JOIN aix.leads l ON l.id = s.lead_id WHERE l.source_id = '{import}'")).ShouldBe(20_000);
                (await ScalarAsync(connectionString, $"SELECT count(DISTINCT s.lead_id) FROM aix.lead_scores s JOIN aix.leads l ON l.id = s.lead_id WHERE l.source_id = '{import}'")).ShouldBe(20_000);
                (await ScalarAsync(connectionString, "SELECT count(*) FROM (SELECT value FROM aix.contact_points WHERE value LIKE 'kill%' GROUP BY value HAVING count(*) > 1) d")).ShouldBe(0);
                (await ScalarAsync(connectionString, $"SELECT duplicates + rejected FROM aix.imports WHERE id = '{import}'")).ShouldBe(0);
            }

            File.Exists(Path.Combine(folder, "postgres", "postmaster.pid")).ShouldBeFalse("the database was not stopped with the program");
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    /// <summary>Two nodes on one database share the work, and both push to their browsers.</summary>
    [Fact]
    public async Task TwoNodes_ShareTheWorkAndBothPush()
    {
        var database = await TestCluster.CreateDatabaseAsync();
        var environment = new Dictionary<string, string> { ["Database__ConnectionString"] = database, ["Pipeline__BatchSize"] = "50" };
        await using var first = await AixProcess.StartAsync(environment: environment, program: Program);
        await using var second = await AixProcess.StartAsync(environment: environment, program: Program);
        using var heardFirst = await HubClient.ConnectAsync(first.Url, "demo-acme-key");
        using var heardSecond = await HubClient.ConnectAsync(second.Url, "demo-acme-key");
        using var stranger = await HubClient.ConnectAsync(second.Url, "demo-globex-key");
        using var client = Client(first.Url);

        var import = await UploadAsync(client, 6000);
        await Wait.UntilAsync(async () => await CountAsync(client, import, "scored") == 6000, "all leads to be scored", 120);
        await Wait.UntilAsync(() => Task.FromResult(heardFirst.Scored >= 6000 && heardSecond.Scored >= 6000), "both hubs to tell of every lead");

        var nodes = (await client.GetFromJsonAsync<JsonElement>("/api/v1/pipeline")).GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("done").GetInt64()).ToList();
        nodes.Count.ShouldBe(2);
        nodes.Min().ShouldBeGreaterThan(nodes.Sum() / 5);
        stranger.Lines.ShouldBe(["connected"]);
    }

    [Fact]
    public async Task Hub_WithoutAKey_IsRefused()
    {
        await using var node = await AixProcess.StartAsync(environment: new Dictionary<string, string> { ["Database__ConnectionString"] = await TestCluster.CreateDatabaseAsync() }, program: Program);

        using var client = await HubClient.ConnectAsync(node.Url, "wrong");

        client.Lines.ShouldHaveSingleItem().ShouldStartWith("refused");
    }

    [Theory]
    [InlineData("Development", "http://0.0.0.0:5999", "localhost")]
    [InlineData("Production", "http://localhost:5999", "DemoBlockIsMobile")]
    public async Task Start_ThatWouldBeUnsafe_IsRefusedInOneLine(string environment, string url, string reason)
    {
        var start = new ProcessStartInfo("dotnet", [Program, "--environment", environment, "--contentRoot", AixProcess.ContentRoot(), "--urls", url, "--Intake:DemoBlockIsMobile=true"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["Database__ConnectionString"] = await TestCluster.CreateDatabaseAsync();
        using var process = Process.Start(start)!;

        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        process.ExitCode.ShouldNotBe(0);
        error.ShouldContain(reason);
    }

    /// <summary>Prevents: a machine without PostgreSQL shows a stack trace, and nobody knows what to install.</summary>
    [Fact]
    public async Task Start_WithoutPostgres_SaysSoInOneLine()
    {
        var empty = Directory.CreateTempSubdirectory("aix-none").FullName;
        var start = new ProcessStartInfo("dotnet", [Program, "--environment", "Development", "--contentRoot", AixProcess.ContentRoot(), "--urls", "http://localhost:0"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["AIX_DATA_DIR"] = Path.Combine(empty, "data");
        start.Environment["Database__PostgresBinaries"] = empty;
        using var process = Process.Start(start)!;

        var error = (await process.StandardError.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(1);
        error.ShouldContain("initdb");
        error.Split('\n').Length.ShouldBe(1);
        Directory.Delete(empty, true);
    }

    private static HttpClient Client(Uri url) => new() { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", "demo-acme-key") } };

    private static async Task<Guid> UploadAsync(HttpClient client, int rows)
    {
        var csv = new StringBuilder("name,email,phone,employees\n");
        for (var i = 0; i < rows; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"Person {i},kill{i}@firm{i % 500}.example.com,+91 98{i:D8},{i % 900}\n");
        }

        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(csv.ToString())), "file", "kill.csv" } };
        return (await ApiFactory.JsonAsync(await client.PostAsync("/api/v1/imports", form))).GetProperty("id").GetGuid();
    }

    private static async Task<int> CountAsync(HttpClient client, Guid import, string key) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/imports/{import}")).GetProperty(key).GetInt32();

    private static string ConnectionString(string folder)
    {
        var port = File.ReadAllLines(Path.Combine(folder, "postgres", "postmaster.pid"))[3];
        return $"Host=127.0.0.1;Port={port};Username=aix_owner;Password={File.ReadAllText(Path.Combine(folder, "owner.password"))};Database=aix;Pooling=false";
    }

    private static async Task<long> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>Microsoft's npm client in a process of its own.</summary>
    private sealed class HubClient : IDisposable
    {
        private readonly Process _process;
        private readonly ConcurrentQueue<string> _lines = new();

        private HubClient(Process process) => _process = process;

        public IReadOnlyList<string> Lines => [.. _lines];

        public int Scored => _lines.Where(l => l.StartsWith("leads.scored", StringComparison.Ordinal)).Sum(l => int.Parse(l.Split(' ')[2], CultureInfo.InvariantCulture));

        public static async Task<HubClient> ConnectAsync(Uri url, string key)
        {
            var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Hosting", "hub-client.cjs"), Repository.Root, url.ToString(), key]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
            var client = new HubClient(process);
            process.OutputDataReceived += (_, e) =>
            {
                if (e.Data is { } line)
                {
                    client._lines.Enqueue(line);
                }
            };
            process.BeginOutputReadLine();
            await Wait.UntilAsync(() => Task.FromResult(!client._lines.IsEmpty), "the hub client to connect");
            return client;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            _process.Dispose();
        }
    }
}
