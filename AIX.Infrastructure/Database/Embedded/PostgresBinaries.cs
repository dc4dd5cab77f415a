using System.Runtime.InteropServices;

namespace AIX.Infrastructure.Database.Embedded;

/// <summary>Finds PostgreSQL's programs.</summary>
internal static class PostgresBinaries
{
    private static readonly string[] Roots = ["/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt", "/usr/local/pgsql"];

    /// <exception cref="DatabaseSetupException">Not installed; the message says what to install.</exception>
    public static string Find(string? configured)
    {
        var found = Candidates(configured).FirstOrDefault(IsComplete);
        return found ?? throw new DatabaseSetupException(configured is { Length: > 0 }
            ? $"Database:PostgresBinaries is “{configured}”, but initdb and pg_ctl are not there."
            : "PostgreSQL 14 or newer is not installed. Install it (Debian, Ubuntu: apt-get install postgresql · Fedora: dnf install postgresql-server postgresql-contrib · macOS: brew install postgresql), or set Database:ConnectionString.");
    }

    private static IEnumerable<string> Candidates(string? configured)
    {
        if (configured is { Length: > 0 })
        {
            return [configured];
        }

        var versioned = Roots
            .Where(Directory.Exists)
            .SelectMany(root => Directory.GetDirectories(root).Append(root))
            .OrderByDescending(d => Version.TryParse(Path.GetFileName(d).Split('@')[^1].PadRight(1, '0') + ".0", out var v) ? v : new Version(0, 0))
            .Select(d => Path.Combine(d, "bin"));
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return [.. versioned, .. path, "/usr/bin"];
    }

    /// <summary>initdb, pg_ctl and the server itself: a folder of wrappers without the server does not count.</summary>
    private static bool IsComplete(string folder)
    {
        var suffix = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? ".exe" : "";
        return File.Exists(Path.Combine(folder, "initdb" + suffix)) && File.Exists(Path.Combine(folder, "pg_ctl" + suffix)) && File.Exists(Path.Combine(folder, "postgres" + suffix));
    }
}
