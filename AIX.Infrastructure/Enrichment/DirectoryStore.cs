using System.Text.Json;
using AIX.Core.Enrichment;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;

namespace AIX.Infrastructure.Enrichment;

internal sealed class DirectoryEntryConfiguration : IEntityTypeConfiguration<DirectoryEntry>
{
    public void Configure(EntityTypeBuilder<DirectoryEntry> entity)
    {
        entity.ToTable("directory_entries");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.Property(e => e.Values).HasColumnType("jsonb");
        entity.HasIndex(e => new { e.TenantId, e.Domain }).HasFilter("domain IS NOT NULL");
        entity.HasIndex(e => new { e.TenantId, e.NameKey }).HasFilter("name_key IS NOT NULL");
    }
}

internal sealed class DirectoryStore(DataSources sources) : IDirectoryStore
{
    public async Task ReplaceAsync(IUnitOfWork work, IReadOnlyList<DirectoryEntry> entries, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var batch = new NpgsqlBatch(unit.Connection);

        // Two uploads at once come one after the other: the later one stands whole.
        batch.Add("SELECT pg_advisory_xact_lock(hashtextextended('aix.directory.' || $1::text, 0))", unit.TenantId.Value);
        batch.Add("DELETE FROM aix.directory_entries WHERE tenant_id = $1", unit.TenantId.Value);
        batch.Add(
            """
            INSERT INTO aix.directory_entries (tenant_id, id, name, name_key, domain, "values", imported_at)
            SELECT $1, e.*, $7 FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[]) AS e
            """,
            unit.TenantId.Value, entries.Select(e => e.Id).ToArray(), entries.Select(e => e.Name).ToArray(), entries.Select(e => e.NameKey).ToArray(), entries.Select(e => e.Domain).ToArray(),
            Sql.JsonArray([.. entries.Select(e => e.Values)]), entries[0].ImportedAt);
        batch.Add(
            """
            INSERT INTO aix.pipeline_runs (tenant_id, lead_id)
            SELECT $1, l.id FROM aix.leads l WHERE l.tenant_id = $1 AND (l.domain IS NOT NULL OR l.company IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM aix.pipeline_runs r WHERE r.tenant_id = $1 AND r.lead_id = l.id)
            """,
            unit.TenantId.Value);
        batch.Add("SELECT pg_notify('aix_work', $1)", unit.TenantId.Value.ToString());
        await batch.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<DirectoryMatch>> FindAsync(IUnitOfWork work, IReadOnlyCollection<string> domains, IReadOnlyCollection<string> nameKeys, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            SELECT name_key, domain, name, "values" FROM aix.directory_entries WHERE tenant_id = $1 AND domain = ANY($2)
            UNION SELECT name_key, domain, name, "values" FROM aix.directory_entries WHERE tenant_id = $1 AND name_key = ANY($3)
            """,
            unit.TenantId.Value, domains.ToArray(), nameKeys.ToArray());
        var found = new List<DirectoryMatch>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            found.Add(new DirectoryMatch(reader.Nullable<string>(0), reader.Nullable<string>(1), reader.GetString(2), JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(3))!));
        }

        return found;
    }

    public async Task<(int Companies, DateTimeOffset? ImportedAt)> StateAsync(TenantId tenant, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return (await db.Set<DirectoryEntry>().CountAsync(ct), await db.Set<DirectoryEntry>().MaxAsync(e => (DateTimeOffset?)e.ImportedAt, ct));
    }
}
