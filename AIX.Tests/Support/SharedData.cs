using Xunit;

namespace AIX.Tests.Support;

/// <summary>Real data sets beside the repository; tests that need one are skipped with the reason where it is absent.</summary>
internal static class SharedData
{
    public static byte[] Read(string file)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("AIX_SHARED") ?? Path.Combine(Repository.Root, "..", "shared"), "data", file);
        Skip.IfNot(File.Exists(path), $"The data set {file} is not here; set AIX_SHARED to the folder that holds data/{file}.");
        return File.ReadAllBytes(path);
    }
}

internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AIX.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("AIX.sln was not found above the tests.");
    }
}
