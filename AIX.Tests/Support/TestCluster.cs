using System.Diagnostics;
using System.Globalization;
using AIX.Infrastructure.Database;
using AIX.Infrastructure.Database.Embedded;
using Npgsql;

namespace AIX.Tests.Support;

/// <summary>One throwaway PostgreSQL per test run, with a migrated template; each test class copies its own database from it.</summary>
internal static class TestCluster
{
    private const string Template = "aix_template";
    private const string Folders = "/var/tmp";
    private const string Prefix = "aix-test-";

    private static readonly Lazy<Task<EmbeddedPostgres>> Cluster = new(StartAsync);
    private static readonly SemaphoreSlim Copying = new(1);
    private static int _databases;

    /// <summary>Owner's connection string of a fresh, migrated database.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        var cluster = await Cluster.Value;
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await Copying.WaitAsync();
        try
        {
            await ExecuteAsync(cluster.ConnectionString, $"CREATE DATABASE {name} TEMPLATE {Template}");
        }
        finally
        {
            Copying.Release();
        }

        return new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = name, MaxPoolSize = 12 }.ConnectionString;
    }

    private static async Task<EmbeddedPostgres> StartAsync()
    {
        Sweep();
        var folder = Path.Combine(Folders, $"{Prefix}{Environment.ProcessId}");
        var cluster = await EmbeddedPostgres.StartAsync(folder, null, throwaway: true, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
        await ExecuteAsync(cluster.ConnectionString, $"CREATE DATABASE {Template}");
        var template = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = Template, Pooling = false }.ConnectionString;
        await DatabaseStartup.PrepareAsync(DatabaseStartup.Derive(template, new DatabaseOptions()), CancellationToken.None);
        NpgsqlConnection.ClearAllPools();
        return cluster;
    }

    /// <summary>Ends and deletes what runs have left that were killed: gigabytes each.</summary>
    private static void Sweep()
    {
        foreach (var folder in Directory.GetDirectories(Folders, Prefix + "*"))
        {
            if (int.TryParse(folder[(folder.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture, out var run) && !IsAlive(run))
            {
                try
                {
                    var postmaster = Path.Combine(folder, "postgres", "postmaster.pid");
                    if (File.Exists(postmaster) && int.TryParse(File.ReadLines(postmaster).First(), CultureInfo.InvariantCulture, out var server) && IsAlive(server))
                    {
                        Process.GetProcessById(server).Kill();
                    }

                    Directory.Delete(folder, true);
                }
                catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
                {
                    // Somebody else's, or somebody was faster.
                }
            }
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
