using AIX.Core.Shared;
using Npgsql;

namespace AIX.Infrastructure.Database;

/// <summary>Ready when the database answers the tenant's role.</summary>
internal sealed class DatabaseReadiness(DataSources sources) : IReadiness
{
    public async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        try
        {
            await using var command = sources.App.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(ct);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
