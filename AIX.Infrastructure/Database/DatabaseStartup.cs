using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Database;

/// <summary>Makes the roles, migrates and puts the walls up. Several nodes may start at once: an advisory lock lets one at a time through.</summary>
public static class DatabaseStartup
{
    private const long StartupLock = 0x4149_5853_5441_5254;

    /// <summary>Connection strings of the four roles; those not configured are derived from the owner's, with passwords that only its holder can compute.</summary>
    public static ConnectionStrings Derive(string owner, DatabaseOptions options)
    {
        var builder = new NpgsqlConnectionStringBuilder(owner);
        return new ConnectionStrings(
            owner,
            options.AppConnectionString is { Length: > 0 } app ? app : As(builder, "aix_app"),
            options.QueueConnectionString is { Length: > 0 } queue ? queue : As(builder, "aix_queue"),
            options.FrontConnectionString is { Length: > 0 } front ? front : As(builder, "aix_front"));
    }

    /// <exception cref="DatabaseSetupException">A right is missing; the message names it.</exception>
    public static async Task PrepareAsync(ConnectionStrings strings, CancellationToken ct)
    {
        await using var owner = new NpgsqlDataSourceBuilder(strings.Owner).Build();
        await using var connection = await owner.OpenConnectionAsync(ct);
        await using (var take = connection.Command("SELECT pg_advisory_lock($1)", StartupLock))
        {
            await take.ExecuteNonQueryAsync(ct);
        }

        try
        {
            await EnsureRolesAsync(connection, strings, ct);
            await using var sources = new DataSources(strings);
            await using var db = sources.OwnerContext();
            await db.Database.MigrateAsync(ct);
            await DatabaseSecurity.ApplyAsync(db, connection, ct);
        }
        finally
        {
            await using var release = connection.Command("SELECT pg_advisory_unlock($1)", StartupLock);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private static async Task EnsureRolesAsync(NpgsqlConnection connection, ConnectionStrings strings, CancellationToken ct)
    {
        var missing = new List<(string, string)>();
        foreach (var role in new[] { strings.App, strings.Queue, strings.Front }.Select(s => new NpgsqlConnectionStringBuilder(s)))
        {
            if (role.Username is "aix_app" or "aix_queue" or "aix_front" && !await CanLogInAsync(role.ConnectionString, ct))
            {
                missing.Add((role.Username, role.Password ?? ""));
            }
        }

        try
        {
            await DatabaseSecurity.EnsureRolesAsync(connection, missing, ct);
        }
        catch (PostgresException ex) when (ex.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new DatabaseSetupException("The database role of Database:ConnectionString lacks CREATEROLE. Grant it, or create aix_app, aix_queue and aix_front yourself and set Database:AppConnectionString, QueueConnectionString and FrontConnectionString.", ex);
        }
    }

    private static async Task<bool> CanLogInAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
            await connection.OpenAsync(ct);
            return true;
        }
        catch (PostgresException ex) when (ex.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            return false;
        }
    }

    private static string As(NpgsqlConnectionStringBuilder owner, string role)
    {
        var key = Encoding.UTF8.GetBytes($"{owner.Username}:{owner.Password}");
        return new NpgsqlConnectionStringBuilder(owner.ConnectionString)
        {
            Username = role,
            Password = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(role))),
        }.ConnectionString;
    }
}

/// <summary>The database cannot be used as configured; the message says what to do.</summary>
public sealed class DatabaseSetupException(string message, Exception? inner = null) : Exception(message, inner);
