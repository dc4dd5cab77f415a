using System.Data.Common;
using AIX.Core.Tenancy;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AIX.Infrastructure.Database;

/// <summary>Tells PostgreSQL the tenant whenever a context opens its connection; row-level security reads it.</summary>
internal sealed class TenantConnectionInterceptor : DbConnectionInterceptor
{
    public static readonly TenantConnectionInterceptor Instance = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = Command(connection, eventData);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = Command(connection, eventData);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Command(DbConnection connection, ConnectionEndEventData eventData) => Command(connection, ((AixDbContext)eventData.Context!).Tenant);

    /// <summary>The same for a connection without a context.</summary>
    public static DbCommand Command(DbConnection connection, TenantId tenant)
    {
        var command = connection.CreateCommand();
        command.CommandText = "SELECT set_config('app.tenant_id', $1, false)";
        var parameter = command.CreateParameter();
        parameter.Value = tenant == default ? "" : tenant.Value.ToString();
        command.Parameters.Add(parameter);
        return command;
    }
}
