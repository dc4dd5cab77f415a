using AIX.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Database;

/// <summary>Connections of the four roles. The owner migrates and seeds; the app works for a tenant behind row-level security; the
/// queue claims work of all tenants; the front looks up users, keys and forms before the tenant is known.</summary>
public sealed class DataSources : IAsyncDisposable
{
    private const int PreparedStatements = 80;

    private readonly DbContextOptions<AixDbContext> _appOptions;
    private readonly DbContextOptions<AixDbContext> _ownerOptions;

    public DataSources(ConnectionStrings strings)
    {
        Strings = strings;
        Owner = NpgsqlDataSource.Create(strings.Owner);
        App = Prepared(strings.App);
        Queue = Prepared(strings.Queue);
        Front = Prepared(strings.Front);
        _appOptions = Options(App);
        _ownerOptions = Options(Owner);
    }

    public ConnectionStrings Strings { get; }

    public NpgsqlDataSource Owner { get; }

    public NpgsqlDataSource App { get; }

    public NpgsqlDataSource Queue { get; }

    public NpgsqlDataSource Front { get; }

    /// <summary>A context of the tenant under the role that cannot bypass row-level security.</summary>
    public AixDbContext Context(TenantId tenant) => new(_appOptions, tenant);

    /// <summary>A connection of the tenant under the role that cannot bypass row-level security, for SQL alone: a context costs more than many a query.</summary>
    public async Task<NpgsqlConnection> OpenAsync(TenantId tenant, CancellationToken ct)
    {
        var connection = await App.OpenConnectionAsync(ct);
        try
        {
            await using var command = TenantConnectionInterceptor.Command(connection, tenant);
            await command.ExecuteNonQueryAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A context of the tenant under the owner: for migrations, seeding and the test that the query filter alone holds.</summary>
    public AixDbContext OwnerContext(TenantId tenant = default) => new(_ownerOptions, tenant);

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Queue.DisposeAsync();
        await Front.DisposeAsync();
        await Owner.DisposeAsync();
    }

    /// <summary>Statements that come again are parsed once a connection; they are still planned for their values, because a plan for all values suits few of them.</summary>
    private static NpgsqlDataSource Prepared(string text)
    {
        var builder = new NpgsqlConnectionStringBuilder(text) { MaxAutoPrepare = PreparedStatements };
        builder.Options = $"{builder.Options} -c plan_cache_mode=force_custom_plan".Trim();
        return NpgsqlDataSource.Create(builder);
    }

    private static DbContextOptions<AixDbContext> Options(NpgsqlDataSource source) => new DbContextOptionsBuilder<AixDbContext>()
        .UseNpgsql(source, npgsql => npgsql.MigrationsHistoryTable("__ef_migrations_history", AixDbContext.Schema))
        .AddInterceptors(TenantConnectionInterceptor.Instance)
        .Options;
}

/// <summary>One connection string per role.</summary>
public sealed record ConnectionStrings(string Owner, string App, string Queue, string Front);
