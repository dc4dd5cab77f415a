using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AIX.Bench;

/// <summary>AIX as a process of its own, with a data folder of its own, on a free port.</summary>
internal sealed class AixProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string? _ownFolder;
    private readonly ConcurrentQueue<string> _errors;

    private AixProcess(Process process, Uri url, string? ownFolder, ConcurrentQueue<string> errors) => (_process, Url, _ownFolder, _errors) = (process, url, ownFolder, errors);

    /// <summary>What the program has logged of its own as an error, each with its exception's first lines.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public Uri Url { get; }

    public int Id => _process.Id;

    /// <param name="program">AIX.Web.dll; the published one when null.</param>
    public static async Task<AixProcess> StartAsync(string? dataFolder = null, IReadOnlyDictionary<string, string>? environment = null, string? program = null)
    {
        var own = dataFolder is null ? Path.Combine("/var/tmp", $"aix-bench-{Environment.ProcessId}") : null;
        var url = new Uri($"http://localhost:{FreePort()}");
        var web = program ?? Path.Combine(ContentRoot(), "bin", "run", "AIX.Web.dll");
        var start = new ProcessStartInfo("dotnet", [web, "--environment", "Development", "--contentRoot", program is null ? Path.GetDirectoryName(web)! : ContentRoot(), "--urls", url.ToString().TrimEnd('/')])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["AIX_DATA_DIR"] = dataFolder ?? own!;
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("AIX could not be started.");
        var log = Environment.GetEnvironmentVariable("AIX_PROCESS_LOG");
        var errors = new ConcurrentQueue<string>();
        var told = new ErrorLog(errors);
        process.OutputDataReceived += (_, e) =>
        {
            told.Take(e.Data);
            if (log is { Length: > 0 } && e.Data is not null)
            {
                File.AppendAllText(log, e.Data + "\n");
            }
        };
        process.BeginOutputReadLine();
        var aix = new AixProcess(process, url, own, errors);
        await aix.WaitUntilReadyAsync();
        return aix;
    }

    /// <summary>kill −9: no chance to clean up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>A polite stop, as by Ctrl-C or a service manager, so that the database stops cleanly.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var terminate = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        if (_ownFolder is not null && Directory.Exists(_ownFolder))
        {
            Directory.Delete(_ownFolder, true);
        }
    }

    public static string ContentRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AIX.sln")))
            {
                return Path.Combine(folder.FullName, "AIX.Web");
            }
        }

        throw new InvalidOperationException("AIX.sln was not found above the program.");
    }

    private async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Url };
        for (var attempt = 0; attempt < 240; attempt++)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"AIX ended with {_process.ExitCode} before it was ready.");
            }

            try
            {
                if ((await http.GetAsync("/health/ready")).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(250);
        }

        throw new TimeoutException("AIX was not ready within a minute.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
