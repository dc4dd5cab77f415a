using AIX.Infrastructure;
using AIX.Infrastructure.Database;
using AIX.Infrastructure.Database.Embedded;
using Npgsql;

namespace AIX.Web.Composition;

internal static class DatabaseComposition
{
    /// <summary>Connects to the configured PostgreSQL, or starts the private one; then migrates. Dispose after the program has stopped: it stops the private server.</summary>
    public static async Task<IAsyncDisposable> AddDatabaseAsync(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.Read<DatabaseOptions>(DatabaseOptions.Section);
        EmbeddedPostgres? embedded = null;
        try
        {
            if (options.ConnectionString is not { Length: > 0 } owner)
            {
                embedded = await EmbeddedPostgres.StartAsync(DataFolder.Resolve(options.DataDirectory, builder.Environment.ContentRootPath), options.PostgresBinaries, throwaway: false, CancellationToken.None);
                owner = embedded.ConnectionString;
            }

            var strings = DatabaseStartup.Derive(owner, options);
            await DatabaseStartup.PrepareAsync(strings, CancellationToken.None);
            builder.Services.AddDatabase(strings).AddSchedules(strings);
            return embedded is null ? new Nothing() : embedded;
        }
        catch (Exception ex) when (ex is DatabaseSetupException or NpgsqlException)
        {
            if (embedded is not null)
            {
                await embedded.DisposeAsync();
            }

            throw new StartupException(ex is DatabaseSetupException ? ex.Message : $"The database of Database:ConnectionString does not answer: {ex.Message}", ex);
        }
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
