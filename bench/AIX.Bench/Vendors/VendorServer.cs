using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AIX.Bench.Vendors;

/// <summary>A web server on the loopback that plays vendors and web sites for tests and benches; whoever uses it says what it answers.</summary>
public sealed class VendorServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, long At)> _calls = new();

    private VendorServer(WebApplication app) => _app = app;

    /// <summary>Host and port.</summary>
    public string Host { get; private set; } = "";

    public Uri Url(string path) => new($"http://{Host}{path}");

    /// <summary>Path and moment (of <see cref="Stopwatch"/>) of every call, in the order of their arrival.</summary>
    public IReadOnlyList<(string Path, long At)> Calls => [.. _calls];

    /// <param name="answer">Answers every request.</param>
    public static async Task<VendorServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new VendorServer(builder.Build());
        server._app.Run(context =>
        {
            server._calls.Enqueue((context.Request.Path, Stopwatch.GetTimestamp()));
            return answer(context);
        });
        await server._app.StartAsync();
        server.Host = new Uri(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority;
        return server;
    }

    /// <summary>Most calls to a path within any second.</summary>
    public int BusiestSecond(string path)
    {
        var times = _calls.Where(c => c.Path == path).Select(c => c.At).Order().ToArray();
        var (most, from) = (0, 0);
        for (var to = 0; to < times.Length; to++)
        {
            while (Stopwatch.GetElapsedTime(times[from], times[to]) >= TimeSpan.FromSeconds(1))
            {
                from++;
            }

            most = Math.Max(most, to - from + 1);
        }

        return most;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
