using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using AIX.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shouldly;
using Xunit;

namespace AIX.Tests.Database;

/// <summary>Each wall around a tenant is tested alone, for every table.</summary>
public class TwoWallsTests : DatabaseTest
{
    /// <summary>Tables without a tenant, each with its reason. A new table must be tenant-owned or stand here.</summary>
    private static readonly Dictionary<string, string> WithoutTenant = new()
    {
        ["__ef_migrations_history"] = "EF Core's own list of migrations",
        ["public_answers"] = "what public sources say of companies: everybody may read it there",
        ["source_paces"] = "when a source may be asked next, shared by all nodes; its scope names a tenant's id, no more",
        ["pooled_priors"] = "weights over at least three tenants that opted in; no tenant's own",
        ["data_protection_keys"] = "keys of the program's cookies, shared by all nodes",
    };

    [Fact]
    public async Task EveryTable_IsTenantOwnedWithBothWalls_OrHasAReason()
    {
        await using var db = Sources.OwnerContext();
        var owned = DatabaseSecurity.TenantTables(db);
        var tables = await ColumnAsync("SELECT tablename FROM pg_tables WHERE schemaname = 'aix'");

        tables.Except(owned).Except(WithoutTenant.Keys).ShouldBeEmpty();
        (await ColumnAsync("SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'aix' AND relkind = 'r' AND NOT relrowsecurity")).ShouldBe(WithoutTenant.Keys, ignoreOrder: true);
        db.Model.GetEntityTypes().Where(e => e.ClrType.IsAssignableTo(typeof(ITenantOwned)) && e.FindDeclaredQueryFilter(AixDbContext.TenantFilter) is null).ShouldBeEmpty();
        (await ColumnAsync("SELECT table_name FROM information_schema.columns WHERE table_schema = 'aix' AND column_name = 'tenant_id'")).ShouldBe(owned, ignoreOrder: true);
    }

    /// <summary>Row-level security alone: the app's role, no query filter.</summary>
    [Fact]
    public async Task RowLevelSecurity_Alone_HidesAndRefusesOtherTenants()
    {
        await using var db = Sources.Context(Globex);
        await db.Database.OpenConnectionAsync();
        foreach (var (table, columns) in await FillEveryTableAsync(Acme))
        {
            (await CountAsync(db, $"SELECT count(*) FROM aix.{table} WHERE tenant_id = '{Acme}'")).ShouldBe(0, $"{table} shows another tenant's rows");
            if (table is not ("audit_entries" or "lead_scores" or "feature_snapshots" or "facts" or "company_facts" or "source_calls" or "engagement_events" or "model_versions" or "consent_events" or "gate_records" or "rule_settings"))
            {
                (await ExecuteAsync(db, $"UPDATE aix.{table} SET tenant_id = tenant_id")).ShouldBe(await CountAsync(db, $"SELECT count(*) FROM aix.{table}"), $"{table} lets another tenant's rows be changed");
            }

            var intruder = await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(db, $"INSERT INTO aix.{table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::aix.{table}, '{{\"tenant_id\":\"{Acme}\"}}')"));
            intruder.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, $"{table} takes rows for another tenant");
        }
    }

    /// <summary>The query filter alone: the owner, whom row-level security does not hold.</summary>
    [Fact]
    public async Task QueryFilter_Alone_HidesOtherTenants()
    {
        await FillEveryTableAsync(Acme);
        await using var db = Sources.OwnerContext(Globex);
        foreach (var entity in db.Model.GetEntityTypes().Where(e => e.ClrType.IsAssignableTo(typeof(ITenantOwned))))
        {
            var count = typeof(TwoWallsTests).GetMethod(nameof(OthersAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.MakeGenericMethod(entity.ClrType);
            var (seen, all) = await (Task<(int, int)>)count.Invoke(null, [db, Acme])!;
            seen.ShouldBe(0, $"{entity.GetTableName()} passes the filter");
            all.ShouldBeGreaterThan(0, $"{entity.GetTableName()} has no row to hide");
        }
    }

    [Fact]
    public async Task WithoutATenant_EverythingLooksEmpty()
    {
        await FillEveryTableAsync(Acme);
        await using var db = Sources.Context(default);
        await db.Database.OpenConnectionAsync();
        foreach (var table in DatabaseSecurity.TenantTables(db))
        {
            (await CountAsync(db, $"SELECT count(*) FROM aix.{table}")).ShouldBe(0, table);
        }
    }

    [Fact]
    public async Task Search_Function_SeesItsOwnTenantOnly()
    {
        await SubmitAsync(Acme, new { name = "Secret Person", email = "s@firm.test" });
        await DrainAsync();
        foreach (var (tenant, expected) in new[] { (Acme, 1L), (Globex, 0L) })
        {
            await using var db = Sources.Context(tenant);
            await db.Database.OpenConnectionAsync();
            (await CountAsync(db, "SELECT count(*) FROM aix.search_leads('%secret%', 10)")).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Roles_CannotBypassOrOwn()
    {
        (await ColumnAsync("SELECT rolname FROM pg_roles WHERE rolname LIKE 'aix\\_%' AND rolname <> 'aix_owner' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)")).ShouldBeEmpty();
        (await ColumnAsync("SELECT tablename FROM pg_tables WHERE schemaname = 'aix' AND tableowner <> 'aix_owner'")).ShouldBeEmpty();
    }

    /// <summary>The queue and the front see all tenants, and only their few tables.</summary>
    [Fact]
    public async Task QueueAndFront_HaveOnlyTheirTables()
    {
        (await ColumnAsync("SELECT DISTINCT table_name FROM information_schema.table_privileges WHERE grantee = 'aix_queue' AND table_schema = 'aix'")).ShouldBe(DatabaseSecurity.QueueTables.Concat(DatabaseSecurity.PlatformTables), ignoreOrder: true);
        (await ColumnAsync("SELECT DISTINCT table_name FROM information_schema.column_privileges WHERE grantee = 'aix_front' AND table_schema = 'aix'")).ShouldBe(DatabaseSecurity.FrontTables.Keys, ignoreOrder: true);
        (await ColumnAsync("SELECT DISTINCT privilege_type FROM information_schema.column_privileges WHERE grantee = 'aix_front'")).ShouldBe(["SELECT"]);
        (await ColumnAsync("SELECT column_name FROM information_schema.column_privileges WHERE grantee = 'aix_front' AND column_name LIKE 'password%'")).ShouldBeEmpty();
    }

    /// <summary>Foreign keys ignore row-level security: a single-column one could point into another tenant.</summary>
    [Fact]
    public async Task ForeignKeys_AreComposite_TenantFirst() =>
        (await ColumnAsync(
            """
            SELECT conname FROM pg_constraint c WHERE contype = 'f' AND connamespace = 'aix'::regnamespace
            AND (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) <> 'tenant_id'
            """)).ShouldBeEmpty();

    [Fact]
    public async Task Keys_HaveTheTenantFirst()
    {
        // Looked up before the tenant is known, or by id alone across tenants.
        string[] front = ["ix_users_normalized_email", "ix_api_keys_hash", "ix_web_forms_key", "ix_outbox_id", "ix_tenants_slug", "ix_imports_lease_until", "ix_bulk_jobs_lease_until", "ix_calls_id", "ix_calls_provider_sid", "ix_calls_created_at", "ix_saved_reports_next_at", "ix_outreach_messages_next_at", "pk___ef_migrations_history", "PK___ef_migrations_history", "pk_data_protection_keys", "pk_pooled_priors", "pk_public_answers", "pk_source_paces"];
        (await ColumnAsync(
            """
            SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = i.relnamespace
            WHERE n.nspname = 'aix' AND (SELECT attname FROM pg_attribute WHERE attrelid = x.indrelid AND attnum = x.indkey[0]) <> 'tenant_id'
            """)).Except(front).ShouldBeEmpty();
    }

    [Fact]
    public async Task DeletedLeads_TakeContactsAndScoresAlong()
    {
        await SubmitAsync(Acme, new { name = "Asha", email = "a@firm.test", phone = "9825012345", title = "CEO" });
        await DrainAsync();
        foreach (var (table, before) in new[] { ("contact_points", 2), ("lead_standings", 1), ("lead_scores", 1), ("feature_snapshots", 1), ("lead_companies", 1), ("lead_vectors", 1) })
        {
            (await ScalarAsync<long>($"SELECT count(*) FROM aix.{table}")).ShouldBe(before, table);
        }

        await ExecuteAsync("DELETE FROM aix.leads");

        foreach (var table in new[] { "contact_points", "lead_standings", "lead_scores", "feature_snapshots", "lead_companies", "lead_vectors" })
        {
            (await ScalarAsync<long>($"SELECT count(*) FROM aix.{table}")).ShouldBe(0, table);
        }
    }

    private static async Task<(int Seen, int All)> OthersAsync<T>(AixDbContext db, TenantId other)
        where T : class, ITenantOwned =>
        (await db.Set<T>().CountAsync(e => e.TenantId == other), await db.Set<T>().IgnoreQueryFilters([AixDbContext.TenantFilter]).CountAsync(e => e.TenantId == other));

    /// <summary>One row of the tenant in every table, with what the columns' types allow.</summary>
    private async Task<List<(string Table, string Columns)>> FillEveryTableAsync(TenantId tenant)
    {
        var filled = new List<(string, string)>();
        await using var connection = await Sources.Owner.OpenConnectionAsync();
        await using var db = Sources.OwnerContext();
        await using (var relax = connection.Command("SET session_replication_role = replica"))
        {
            await relax.ExecuteNonQueryAsync();
        }

        foreach (var table in DatabaseSecurity.TenantTables(db))
        {
            var columns = new List<(string Name, string Value)>();
            await using (var read = connection.Command("SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'aix' AND table_name = $1 AND is_generated = 'NEVER' AND is_nullable = 'NO'", table))
            {
                await using var reader = await read.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                {
                    columns.Add(($"\"{reader.GetString(0)}\"", reader.GetString(0) == "tenant_id" ? $"'{tenant}'" : Value(reader.GetString(1))));
                }
            }

            var names = string.Join(", ", columns.Select(c => c.Name));
            await using var insert = connection.Command($"INSERT INTO aix.{table} ({names}) VALUES ({string.Join(", ", columns.Select(c => c.Value))}) ON CONFLICT DO NOTHING");
            await insert.ExecuteNonQueryAsync();
            filled.Add((table, names));
        }

        await using var strict = connection.Command("SET session_replication_role = origin");
        await strict.ExecuteNonQueryAsync();
        return filled;
    }

    private static string Value(string type) => type switch
    {
        "uuid" => "gen_random_uuid()",
        "jsonb" => "'{}'",
        "bytea" => "'\\x00'",
        "ARRAY" => "'{}'",
        "boolean" => "false",
        "date" or "timestamp with time zone" => "'2026-11-20'",
        "text" => "gen_random_uuid()::text",
        _ => "1",
    };

    private static async Task<long> CountAsync(AixDbContext db, string sql)
    {
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<long> ExecuteAsync(AixDbContext db, string sql)
    {
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(sql);
        return await command.ExecuteNonQueryAsync();
    }

    private async Task<List<string>> ColumnAsync(string sql)
    {
        await using var connection = await Sources.Owner.OpenConnectionAsync();
        await using var command = connection.Command(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }
}
