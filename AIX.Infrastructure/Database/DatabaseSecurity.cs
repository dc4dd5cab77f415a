using AIX.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Database;

/// <summary>Roles, grants and row-level security, brought in line with the model after each migration, so that a new tenant-owned table
/// has its wall without a line of its own.</summary>
internal static class DatabaseSecurity
{
    /// <summary>Tables that the queue's role may use, of all tenants.</summary>
    public static readonly IReadOnlyList<string> QueueTables = ["pipeline_runs", "dead_letters", "pipeline_stats", "imports", "bulk_jobs", "outreach_messages", "outbox", "idempotency_records"];

    /// <summary>Tables of no tenant that the queue's role writes and tenants read.</summary>
    public static readonly IReadOnlyList<string> PlatformTables = ["pooled_priors", "source_paces"];

    /// <summary>Tables that the front's role may read, of all tenants, and the columns.</summary>
    public static readonly IReadOnlyDictionary<string, string> FrontTables = new Dictionary<string, string>
    {
        ["users"] = "tenant_id, id, normalized_email",
        ["api_keys"] = "tenant_id, id, hash, permissions, issued_by, expires_at, revoked_at",
        ["web_forms"] = "tenant_id, id, key, name, created_at",
        ["calls"] = "tenant_id, id, route",
    };

    /// <summary>Tables that the queue's role may read, of all tenants, and the columns: what the night run needs to know who has learned enough, and what.</summary>
    public static readonly IReadOnlyDictionary<string, string> QueueReads = new Dictionary<string, string>
    {
        ["lead_outcomes"] = "tenant_id, recorded_at",
        ["model_versions"] = "tenant_id, as_of, version, report",
        ["tenants"] = "tenant_id, settings",
        ["calls"] = "tenant_id, id, campaign_id, seen_at, created_at, state, wrapped_up, route, from_number, to_number, provider_sid, duration_seconds",
        ["campaigns"] = "tenant_id, id, state, starts_at, ended_at, audience_after, version, updated_at",
        ["call_recordings"] = "tenant_id, call_id, status, deleted_at_provider, at",
        ["saved_reports"] = "tenant_id, id, next_at",
        ["model_aliases"] = "tenant_id, name, version",
    };

    /// <summary>Quartz makes its tables here, under the queue's role.</summary>
    public const string QuartzSchema = "quartz";

    private const string Schema = AixDbContext.Schema;

    public static async Task ApplyAsync(AixDbContext db, NpgsqlConnection connection, CancellationToken ct)
    {
        await Execute(connection, $"""
            GRANT USAGE ON SCHEMA {Schema} TO aix_app, aix_queue, aix_front;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {Schema} TO aix_app;
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {Schema} TO aix_app;
            REVOKE UPDATE, DELETE ON {Schema}.audit_entries FROM aix_app;
            REVOKE UPDATE ON {Schema}.lead_scores, {Schema}.feature_snapshots, {Schema}.facts, {Schema}.company_facts, {Schema}.source_calls, {Schema}.engagement_events, {Schema}.model_versions FROM aix_app;
            REVOKE UPDATE, DELETE ON {Schema}.consent_events, {Schema}.gate_records, {Schema}.rule_settings FROM aix_app;
            REVOKE INSERT, UPDATE, DELETE ON {Schema}.__ef_migrations_history FROM aix_app;
            GRANT EXECUTE ON FUNCTION {Schema}.search_leads(text, integer) TO aix_app;
            """, ct);

        foreach (var table in TenantTables(db))
        {
            await WallAsync(connection, table, ct);
        }

        foreach (var table in PlatformTables)
        {
            await Execute(connection, $"REVOKE INSERT, UPDATE, DELETE ON {Schema}.{table} FROM aix_app; GRANT SELECT, INSERT, UPDATE, DELETE ON {Schema}.{table} TO aix_queue;", ct);
        }

        foreach (var table in QueueTables)
        {
            await Execute(connection, $"GRANT SELECT, INSERT, UPDATE, DELETE ON {Schema}.{table} TO aix_queue;", ct);
            await PolicyAsync(connection, table, "queue_all_tenants", "aix_queue", "true", ct);
        }

        await Execute(connection, $"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {Schema} TO aix_queue;", ct);
        await Execute(connection, $"CREATE SCHEMA IF NOT EXISTS {QuartzSchema}; GRANT USAGE, CREATE ON SCHEMA {QuartzSchema} TO aix_queue;", ct);
        foreach (var (table, columns) in QueueReads)
        {
            await Execute(connection, $"GRANT SELECT ({columns}) ON {Schema}.{table} TO aix_queue;", ct);
            await PolicyAsync(connection, table, "queue_all_tenants", "aix_queue", "true", ct);
        }

        foreach (var (table, columns) in FrontTables)
        {
            await Execute(connection, $"GRANT SELECT ({columns}) ON {Schema}.{table} TO aix_front;", ct);
            await PolicyAsync(connection, table, "front_all_tenants", "aix_front", "true", ct);
        }
    }

    public static IReadOnlyList<string> TenantTables(AixDbContext db) =>
        [.. db.Model.GetEntityTypes().Where(e => e.ClrType.IsAssignableTo(typeof(ITenantOwned))).Select(e => e.GetTableName()!)];

    /// <summary>Creates the login roles, or brings their passwords in line; none may bypass row-level security.</summary>
    public static async Task EnsureRolesAsync(NpgsqlConnection connection, IEnumerable<(string Role, string Password)> roles, CancellationToken ct)
    {
        foreach (var (role, password) in roles)
        {
            var verb = await ExistsAsync(connection, "SELECT 1 FROM pg_roles WHERE rolname = $1", [role], ct) ? "ALTER" : "CREATE";
            await Execute(connection, $"{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'", ct);
        }
    }

    private static async Task WallAsync(NpgsqlConnection connection, string table, CancellationToken ct)
    {
        if (!await ExistsAsync(connection, "SELECT 1 FROM pg_class WHERE oid = to_regclass($1) AND relrowsecurity", [$"{Schema}.{table}"], ct))
        {
            await Execute(connection, $"ALTER TABLE {Schema}.{table} ENABLE ROW LEVEL SECURITY", ct);
        }

        // The setting is read in a sub-select, so that PostgreSQL reads it once a statement and not once a row.
        await PolicyAsync(connection, table, "tenant_wall", "aix_app", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ct);
    }

    private static async Task PolicyAsync(NpgsqlConnection connection, string table, string name, string role, string predicate, CancellationToken ct)
    {
        if (!await ExistsAsync(connection, "SELECT 1 FROM pg_policies WHERE schemaname = $1 AND tablename = $2 AND policyname = $3", [Schema, table, name], ct))
        {
            await Execute(connection, $"CREATE POLICY {name} ON {Schema}.{table} TO {role} USING ({predicate}) WITH CHECK ({predicate})", ct);
        }
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string sql, object[] values, CancellationToken ct)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteScalarAsync(ct) is not null;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
