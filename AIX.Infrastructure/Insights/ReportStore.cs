using AIX.Core.Campaigns;
using AIX.Core.Insights;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using NpgsqlTypes;

namespace AIX.Infrastructure.Insights;

internal sealed class SavedReportConfiguration : IEntityTypeConfiguration<SavedReport>
{
    public void Configure(EntityTypeBuilder<SavedReport> entity)
    {
        entity.ToTable("saved_reports");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.Property(e => e.Name).HasMaxLength(80);
        entity.HasIndex(e => e.NextAt);
    }
}

internal sealed class ReportStore(DataSources sources) : IReportStore
{
    public async Task<IReadOnlyList<ReportRow>> ListAsync(TenantId tenant, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var reports = await db.Set<SavedReport>().AsNoTracking().OrderBy(r => r.Name).ToListAsync(ct);
        var people = reports.SelectMany(r => r.Recipients).Distinct().ToList();
        var names = await db.Set<User>().Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, ct);
        var ids = reports.Select(r => r.CampaignId).OfType<Guid>().Distinct().ToList();
        var campaigns = await db.Set<Campaign>().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Name, ct);
        return reports.ConvertAll(r => new ReportRow(r, r.CampaignId is { } id ? campaigns.GetValueOrDefault(id) : null, [.. r.Recipients.Select(p => names.GetValueOrDefault(p)).OfType<string>().Order()]));
    }

    public async Task SaveAsync(IUnitOfWork work, SavedReport report, CancellationToken ct)
    {
        var db = UnitOfWork.Of(work).Db;
        db.Add(report);
        await db.SaveChangesAsync(ct);
    }

    public async Task<bool> RemoveAsync(IUnitOfWork work, Guid report, CancellationToken ct) => await UnitOfWork.Of(work).Db.Set<SavedReport>().Where(r => r.Id == report).ExecuteDeleteAsync(ct) > 0;

    public async Task<IReadOnlyList<(TenantId Tenant, Guid Report)>> DueAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command("SELECT tenant_id, id FROM aix.saved_reports WHERE next_at <= $1 ORDER BY next_at LIMIT 50", now);
        return await command.AllAsync(r => (new TenantId(r.GetGuid(0)), r.GetGuid(1)), ct);
    }

    public async Task<SavedReport?> FindAsync(TenantId tenant, Guid report, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<SavedReport>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == report, ct);
    }

    public async Task<IReadOnlyList<Reader>> ReadersAsync(TenantId tenant, IReadOnlyCollection<Guid> users, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<User>().Where(u => users.Contains(u.Id)).OrderBy(u => u.Email).Select(u => new Reader(u.Id, u.Email, u.Role)).ToListAsync(ct);
    }

    public async Task DoneAsync(TenantId tenant, Guid report, DateTimeOffset nextAt, DateTimeOffset? sentAt, string? trouble, int tries, CancellationToken ct)
    {
        await using var connection = await sources.OpenAsync(tenant, ct);
        await using var command = connection.Command(
            "UPDATE aix.saved_reports SET next_at = $3, sent_at = coalesce($4, sent_at), trouble = $5, tries = $6 WHERE tenant_id = $1 AND id = $2",
            tenant.Value, report, nextAt, new NpgsqlParameter { Value = (object?)sentAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz }, new NpgsqlParameter { Value = (object?)trouble ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, tries);
        await command.ExecuteNonQueryAsync(ct);
    }
}
