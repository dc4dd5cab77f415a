using AIX.Infrastructure.Database;
using AIX.Infrastructure.Database.Embedded;
using Npgsql;

namespace AIX.Tests.Support;

/// <summary>One throwaway PostgreSQL per test run, with a migrated template; each test class copies its own database from it.</summary>
internal static class TestCluster
{
    private const string Template = "aix_template";

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
        var folder = Path.Combine("/var/tmp", $"aix-test-{Environment.ProcessId}");
        var cluster = await EmbeddedPostgres.StartAsync(folder, null, throwaway: true, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
        await ExecuteAsync(cluster.ConnectionString, $"CREATE DATABASE {Template}");
        var template = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = Template, Pooling = false }.ConnectionString;
        await DatabaseStartup.PrepareAsync(DatabaseStartup.Derive(template, new DatabaseOptions()), CancellationToken.None);
        NpgsqlConnection.ClearAllPools();
        return cluster;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
