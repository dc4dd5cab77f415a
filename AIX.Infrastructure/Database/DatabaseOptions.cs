namespace AIX.Infrastructure.Database;

/// <summary>Where the data lives.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>Owner's connection string. Empty: AIX runs its own private cluster in <see cref="DataDirectory"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Connection strings of the roles aix_app, aix_queue and aix_front. Empty: derived from the owner's, who then must be allowed to create roles.</summary>
    public string? AppConnectionString { get; set; }

    public string? QueueConnectionString { get; set; }

    public string? FrontConnectionString { get; set; }

    /// <summary>Folder of the private cluster; AIX_DATA_DIR wins. Empty: <c>.aix</c> beside the solution.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>Folder with PostgreSQL's programs (initdb, pg_ctl). Empty: PATH and the usual places.</summary>
    public string? PostgresBinaries { get; set; }
}
