using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AIX.Tests.Support;

/// <summary>Peers that come from npm; where it is missing, or cannot reach its registry, tests skip with the reason.</summary>
internal static class Npm
{
    /// <returns>What went wrong; null when nothing did.</returns>
    public static Task<string?> InstallAsync(string folder, string packages)
    {
        Directory.CreateDirectory(folder);
        return RunAsync("npm", $"i --prefix . --ignore-scripts --no-audit --no-fund --loglevel=error {packages}", folder);
    }

    public static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private static async Task<string?> RunAsync(string program, string arguments, string folder)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true })!;
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            _ = process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0 ? null : (await error).Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, 300)] : $"exit {process.ExitCode}";
        }
        catch (Exception ex) when (ex is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            return ex.Message;
        }
    }
}
