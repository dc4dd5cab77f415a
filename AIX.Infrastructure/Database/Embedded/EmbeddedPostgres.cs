using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace AIX.Infrastructure.Database.Embedded;

/// <summary>
/// A private PostgreSQL cluster in a folder of AIX's own: made at the first start, started on a free loopback port, stopped with the
/// program. A server that a killed program left running is adopted. Under root the server runs as <c>postgres</c>, as it demands.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string Database = "aix";
    private const string Owner = "aix_owner";

    private readonly PostgresCommands _commands;
    private readonly FileStream _lock;
    private readonly string _folder;

    private EmbeddedPostgres(PostgresCommands commands, FileStream @lock, string folder, string connectionString) =>
        (_commands, _lock, _folder, ConnectionString) = (commands, @lock, folder, connectionString);

    /// <summary>The owner's.</summary>
    public string ConnectionString { get; }

    /// <param name="throwaway">For tests: no fsync, stopped hard and deleted at the end.</param>
    /// <exception cref="DatabaseSetupException">PostgreSQL is missing, the folder is in use or cannot be reached.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(string folder, string? binaries, bool throwaway, CancellationToken ct)
    {
        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(folder);
        var claimed = Claim(folder);
        try
        {
            var commands = new PostgresCommands(PostgresBinaries.Find(binaries), folder, throwaway);
            await commands.EnsureReachableAsync(ct);
            var password = await PasswordAsync(folder, ct);
            if (!File.Exists(Path.Combine(commands.Data, "PG_VERSION")))
            {
                await commands.InitializeAsync(Owner, password, ct);
            }

            var port = await AdoptAsync(commands, password, ct) ?? await StartOnFreePortAsync(commands, ct);
            var connectionString = ConnectionStringOf(port, password, Database);
            await EnsureDatabaseAsync(ConnectionStringOf(port, password, "postgres"), ct);
            return new EmbeddedPostgres(commands, claimed, folder, connectionString);
        }
        catch
        {
            await claimed.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _commands.StopAsync();
        await _lock.DisposeAsync();
        if (_commands.Throwaway)
        {
            Directory.Delete(_folder, true);
        }
    }

    /// <summary>One program per folder. The lock is the operating system's: it ends with the process, however that ends.</summary>
    private static FileStream Claim(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "aix.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException ex)
        {
            throw new DatabaseSetupException($"Another AIX is running on {folder}. Stop it, or set AIX_DATA_DIR to another folder to run side by side.", ex);
        }
    }

    private static async Task<string> PasswordAsync(string folder, CancellationToken ct)
    {
        var file = Path.Combine(folder, "owner.password");
        if (File.Exists(file))
        {
            return (await File.ReadAllTextAsync(file, ct)).Trim();
        }

        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var stream = new FileStream(file, options);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(password), ct);
        return password;
    }

    /// <summary>The port of a live server of this cluster that takes our password, or null after making sure that none is left in the way.</summary>
    private static async Task<int?> AdoptAsync(PostgresCommands commands, string password, CancellationToken ct)
    {
        if (commands.PidFile() is not { } left)
        {
            return null;
        }

        try
        {
            await using var connection = new NpgsqlConnection(ConnectionStringOf(left.Port, password, "postgres") + ";Timeout=5;Pooling=false");
            await connection.OpenAsync(ct);
            await using var command = connection.Command("SHOW data_directory");
            if (await command.ExecuteScalarAsync(ct) is string directory && Path.GetFullPath(directory) == Path.GetFullPath(commands.Data))
            {
                return left.Port;
            }
        }
        catch (Exception ex) when (ex is NpgsqlException or SocketException or TimeoutException)
        {
            // Dead, or still recovering after a kill: pg_ctl tells the two apart.
        }

        await commands.StopAsync();
        return null;
    }

    private static async Task<int> StartOnFreePortAsync(PostgresCommands commands, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            try
            {
                await commands.StartAsync(port, ct);
                return port;
            }
            catch (DatabaseSetupException) when (attempt < 4)
            {
                // Somebody took the port between the look and the start.
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string ConnectionStringOf(int port, string password, string database) =>
        $"Host=127.0.0.1;Port={port};Username={Owner};Password={password};Database={database};Maximum Pool Size=40;Max Auto Prepare=100;Auto Prepare Min Usages=3";

    private static async Task EnsureDatabaseAsync(string connectionString, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(ct);
        await using var exists = connection.Command("SELECT 1 FROM pg_database WHERE datname = $1", Database);
        if (await exists.ExecuteScalarAsync(ct) is null)
        {
            await using var create = connection.Command($"CREATE DATABASE {Database}");
            await create.ExecuteNonQueryAsync(ct);
        }
    }
}
