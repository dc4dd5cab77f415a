using System.Security.Cryptography;
using System.Text;

namespace AIX.Web.Composition;

/// <summary>Where the private database lives: AIX_DATA_DIR, else the configured folder, else <c>.aix</c> beside the solution.</summary>
internal static class DataFolder
{
    public static string Resolve(string? configured, string contentRoot)
    {
        if (Environment.GetEnvironmentVariable("AIX_DATA_DIR") is { Length: > 0 } asked)
        {
            return Path.GetFullPath(asked);
        }

        if (configured is { Length: > 0 })
        {
            return Path.GetFullPath(configured);
        }

        var folder = Path.Combine(SolutionFolder(contentRoot) ?? AppContext.BaseDirectory, ".aix");
        return Environment.UserName == "root" && !OthersCanReach(folder) ? Path.Combine("/var/tmp", "aix-" + Hash(folder)) : folder;
    }

    private static string? SolutionFolder(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AIX.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    /// <summary>Under root the server runs as another user, who cannot walk through a closed folder such as /root.</summary>
    private static bool OthersCanReach(string folder)
    {
        for (var parent = new DirectoryInfo(folder).Parent; parent is not null; parent = parent.Parent)
        {
            if (!OperatingSystem.IsWindows() && parent.Exists && !parent.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
