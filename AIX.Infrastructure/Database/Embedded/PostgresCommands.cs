using System.Diagnostics;
using System.Globalization;

namespace AIX.Infrastructure.Database.Embedded;

/// <summary>initdb and pg_ctl, run as the right user.</summary>
internal sealed class PostgresCommands(string binaries, string folder, bool throwaway)
{
    private static bool IsRoot => !OperatingSystem.IsWindows() && Environment.UserName == "root";

    public bool Throwaway => throwaway;

    public string Data { get; } = Path.Combine(folder, "postgres");

    /// <summary>Under root the server is another user: it must be able to walk to its folder.</summary>
    public async Task EnsureReachableAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Data);
        if (!IsRoot)
        {
            return;
        }

        await RunAsync("chown", ["-R", "postgres:", Data], asServer: false, ct);
        if ((await TryRunAsync("test", ["-x", Data], asServer: true, ct)).ExitCode != 0)
        {
            throw new DatabaseSetupException($"The user postgres cannot reach {Data}. Set AIX_DATA_DIR to a folder that it can reach, for instance /var/lib/aix.");
        }
    }

    public async Task InitializeAsync(string owner, string password, CancellationToken ct)
    {
        var passwordFile = Path.Combine(Data, "..", $"init-{Environment.ProcessId}.password");
        await File.WriteAllTextAsync(passwordFile, password + "\n", ct);
        try
        {
            if (IsRoot)
            {
                await RunAsync("chown", ["postgres:", passwordFile], asServer: false, ct);
            }

            await RunAsync(
                Path.Combine(binaries, "initdb"),
                ["-D", Data, "-U", owner, $"--pwfile={passwordFile}", "-E", "UTF8", "--no-locale", "--auth=scram-sha-256", "--auth-local=scram-sha-256", .. throwaway ? ["--no-sync"] : Array.Empty<string>()],
                asServer: true,
                ct);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    public async Task StartAsync(int port, CancellationToken ct)
    {
        var settings = new Dictionary<string, string>
        {
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = "",
            ["max_connections"] = "200",
            ["shared_buffers"] = throwaway ? "64MB" : "256MB",
            ["max_wal_size"] = "2GB",
            ["wal_compression"] = "lz4",
            ["checkpoint_timeout"] = "15min",
            // On a solid-state disk; with the default of 4 a batch of leads is joined by reading whole tables.
            ["random_page_cost"] = "1.1",
            ["jit"] = "off",
            ["max_parallel_workers_per_gather"] = "0",
            ["autovacuum_naptime"] = "10s",
            ["fsync"] = throwaway ? "off" : "on",
            ["synchronous_commit"] = throwaway ? "off" : "on",
            ["full_page_writes"] = throwaway ? "off" : "on",
        };
        var options = string.Join(' ', settings.Select(s => $"-c {s.Key}='{s.Value}'"));
        await RunAsync(Path.Combine(binaries, "pg_ctl"), ["-D", Data, "-w", "-t", "120", "-l", Path.Combine(Data, "server.log"), "-o", options, "start"], asServer: true, ct);
    }

    /// <summary>Stops the server if one runs; a throwaway one at once.</summary>
    public async Task StopAsync() =>
        _ = await TryRunAsync(Path.Combine(binaries, "pg_ctl"), ["-D", Data, "-w", "-t", "60", "-m", throwaway ? "immediate" : "fast", "stop"], asServer: true, CancellationToken.None);

    /// <summary>Process and port that the cluster's postmaster.pid names; null without one.</summary>
    public (int Pid, int Port)? PidFile()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        try
        {
            var lines = File.Exists(file) ? File.ReadAllLines(file) : [];
            return lines.Length > 3 && int.TryParse(lines[0], out var pid) && int.TryParse(lines[3], out var port) ? (pid, port) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task RunAsync(string program, string[] arguments, bool asServer, CancellationToken ct)
    {
        var (exitCode, output) = await TryRunAsync(program, arguments, asServer, ct);
        if (exitCode != 0)
        {
            throw new DatabaseSetupException($"{Path.GetFileName(program)} failed ({exitCode}): {output.Trim()}");
        }
    }

    private static async Task<(int ExitCode, string Output)> TryRunAsync(string program, string[] arguments, bool asServer, CancellationToken ct)
    {
        var start = new ProcessStartInfo { FileName = program, WorkingDirectory = "/", RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        if (asServer && IsRoot)
        {
            start.FileName = "runuser";
            start.ArgumentList.Add("-u");
            start.ArgumentList.Add("postgres");
            start.ArgumentList.Add("--");
            start.ArgumentList.Add(program);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // pg_ctl's server inherits the pipes and would hold them open for ever: its own output goes to a log file, ours to /dev/null.
        if (!OperatingSystem.IsWindows() && arguments.Contains("start"))
        {
            start.RedirectStandardError = false;
            start.RedirectStandardOutput = false;
            start.RedirectStandardInput = false;
            var inner = start.FileName + " " + string.Join(' ', start.ArgumentList.Select(Quote)) + " >/dev/null 2>&1 </dev/null";
            start.FileName = "/bin/sh";
            start.ArgumentList.Clear();
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(inner);
        }

        using var process = Process.Start(start) ?? throw new DatabaseSetupException($"{program} could not be started.");
        var output = start.RedirectStandardOutput ? process.StandardOutput.ReadToEndAsync(ct) : Task.FromResult("");
        var error = start.RedirectStandardError ? await process.StandardError.ReadToEndAsync(ct) : "see server.log in the data folder";
        await output;
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, error);
    }

    private static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
