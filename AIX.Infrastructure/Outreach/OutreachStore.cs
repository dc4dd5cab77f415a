using System.Collections.Concurrent;
using System.Diagnostics;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Outreach;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using NpgsqlTypes;

namespace AIX.Infrastructure.Outreach;

internal sealed class OutreachStore(DataSources sources) : IOutreachStore
{
    public async Task<IReadOnlyList<MessageTemplate>> TemplatesAsync(TenantId tenant, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<MessageTemplate>().AsNoTracking().OrderBy(t => t.Name).Take(200).ToListAsync(ct);
    }

    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<TenantId, (IReadOnlyList<MessageTemplate> Enabled, long At)> _enabled = new();

    public async Task<IReadOnlyList<MessageTemplate>> TemplatesAfterAsync(IUnitOfWork work, Disposition outcome, CancellationToken ct)
    {
        // Asked with the end of every call; a template that was just saved counts two seconds later.
        if (!_enabled.TryGetValue(work.TenantId, out var known) || Stopwatch.GetElapsedTime(known.At) > KnownFor)
        {
            known = (await UnitOfWork.Of(work).Db.Set<MessageTemplate>().AsNoTracking().Where(t => t.Enabled).OrderBy(t => t.Name).Take(200).ToListAsync(ct), Stopwatch.GetTimestamp());
            _enabled[work.TenantId] = known;
        }

        return [.. known.Enabled.Where(t => t.After.Contains((short)outcome))];
    }

    public async Task SaveAsync(IUnitOfWork work, MessageTemplate template, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await unit.Db.Set<MessageTemplate>().Where(t => t.Id == template.Id).ExecuteDeleteAsync(ct);
        unit.Db.Add(template);
        await unit.Db.SaveChangesAsync(ct);
    }

    public Task RemoveAsync(IUnitOfWork work, Guid template, CancellationToken ct) => UnitOfWork.Of(work).Db.Set<MessageTemplate>().Where(t => t.Id == template).ExecuteDeleteAsync(ct);

    public async Task<MessageLead?> LeadAsync(IUnitOfWork work, Guid lead, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            SELECT l.id, l.name, l.company, l.city, (SELECT value FROM aix.contact_points c WHERE c.tenant_id = $1 AND c.lead_id = l.id AND c.kind = 1 AND c.blind_index IS NOT NULL ORDER BY position LIMIT 1),
                   (SELECT value FROM aix.contact_points c WHERE c.tenant_id = $1 AND c.lead_id = l.id AND c.kind = 0 AND c.blind_index IS NOT NULL ORDER BY position LIMIT 1), l.attributes->>'language'
            FROM aix.leads l WHERE l.tenant_id = $1 AND l.id = $2
            """,
            unit.TenantId.Value, lead);
        return await command.AllAsync(r => new MessageLead(r.GetGuid(0), r.Nullable<string>(1), r.Nullable<string>(2), r.Nullable<string>(3), r.Nullable<string>(4), r.Nullable<string>(5), r.Nullable<string>(6)), ct) is [var found] ? found : null;
    }

    public async Task AddAsync(IUnitOfWork work, OutreachMessage message, CancellationToken ct)
    {
        var db = UnitOfWork.Of(work).Db;
        db.Add(message);
        await db.SaveChangesAsync(ct);
    }

    public async Task<IReadOnlyList<(TenantId Tenant, Guid Id)>> ClaimAsync(DateTimeOffset now, int limit, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command(
            """
            UPDATE aix.outreach_messages m SET lease_until = clock_timestamp() + interval '1 minute'
            FROM (SELECT tenant_id, id FROM aix.outreach_messages WHERE state = 0 AND next_at <= $1 AND (lease_until IS NULL OR lease_until < clock_timestamp()) ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED) d
            WHERE m.tenant_id = d.tenant_id AND m.id = d.id RETURNING m.tenant_id, m.id
            """,
            now, limit);
        return await command.AllAsync(r => (new TenantId(r.GetGuid(0)), r.GetGuid(1)), ct);
    }

    public Task<OutreachMessage?> LockAsync(IUnitOfWork work, Guid id, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        return unit.Db.Set<OutreachMessage>().FromSql($"SELECT * FROM aix.outreach_messages WHERE tenant_id = {unit.TenantId.Value} AND id = {id} FOR UPDATE").AsNoTracking().FirstOrDefaultAsync(ct);
    }

    public async Task SettleAsync(IUnitOfWork work, Guid id, MessageState state, DateTimeOffset? nextAt, string? reason, string? sid, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            UPDATE aix.outreach_messages SET state = $3, next_at = coalesce($4, next_at), reason = $5, sid = coalesce($6, sid), sent_at = CASE WHEN $3 = 1 THEN $7 ELSE sent_at END, lease_until = NULL, attempts = attempts + CASE WHEN $3 = 3 THEN 1 ELSE 0 END
            WHERE tenant_id = $1 AND id = $2
            """,
            unit.TenantId.Value, id, (short)state, Typed(nextAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz), Typed(reason is { Length: > 500 } ? reason[..500] : reason, NpgsqlDbType.Text), Typed(sid, NpgsqlDbType.Text), now);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<CallbackRow>> CallbacksAsync(TenantId tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            """
            SELECT t.id, t.lead_id, coalesce(l.name, l.company, ''), t.title, u.display_name, t.due_at, t.done_at,
                   (SELECT c.name FROM aix.campaign_members m JOIN aix.campaigns c ON c.tenant_id = $1 AND c.id = m.campaign_id WHERE m.tenant_id = $1 AND m.lead_id = t.lead_id AND m.is_callback AND m.state = 1 AND c.state IN (2, 3, 4) AND t.done_at IS NULL LIMIT 1)
            FROM aix.lead_tasks t JOIN aix.leads l ON l.tenant_id = $1 AND l.id = t.lead_id LEFT JOIN aix.users u ON u.tenant_id = $1 AND u.id = t.owner_id
            WHERE t.tenant_id = $1 AND t.kind = 3 AND t.due_at >= $2 AND t.due_at < $3 ORDER BY t.due_at LIMIT 1000
            """,
            tenant.Value, from.ToUniversalTime(), to.ToUniversalTime());
        return await command.AllAsync(r => new CallbackRow(r.GetGuid(0), r.GetGuid(1), r.GetString(2), r.GetString(3), r.Nullable<string>(4), r.GetFieldValue<DateTimeOffset>(5), r.Nullable<DateTimeOffset?>(6), r.Nullable<string>(7)), ct);
    }

    public async Task<IReadOnlyList<OutreachMessage>> ListAsync(TenantId tenant, Guid? lead, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        var rows = db.Set<OutreachMessage>().AsNoTracking();
        return await (lead is { } id ? rows.Where(m => m.LeadId == id) : rows).OrderByDescending(m => m.CreatedAt).Take(limit).ToListAsync(ct);
    }

    public async Task<IReadOnlyList<TenantId>> ReachedAsync(string address, string route, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command(
            """
            SELECT t.tenant_id FROM aix.tenants t
            WHERE EXISTS (SELECT FROM aix.outreach_messages m WHERE m.tenant_id = t.tenant_id AND m.address = $1 AND m.state = 1) OR EXISTS (SELECT FROM aix.calls c WHERE c.tenant_id = t.tenant_id AND c.to_number = $1 AND c.route = $2)
            ORDER BY t.tenant_id
            """,
            address, route);
        return await command.AllAsync(r => new TenantId(r.GetGuid(0)), ct);
    }

    private static NpgsqlParameter Typed(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}

internal sealed class MessageTemplateConfiguration : IEntityTypeConfiguration<MessageTemplate>
{
    public void Configure(EntityTypeBuilder<MessageTemplate> entity)
    {
        entity.ToTable("message_templates");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.Property(e => e.Text).HasColumnType("jsonb");
    }
}

internal sealed class OutreachMessageConfiguration : IEntityTypeConfiguration<OutreachMessage>
{
    public void Configure(EntityTypeBuilder<OutreachMessage> entity)
    {
        entity.ToTable("outreach_messages");
        entity.HasKey(e => new { e.TenantId, e.Id });
        entity.HasIndex(e => new { e.TenantId, e.LeadId, e.CreatedAt });
        entity.HasIndex(e => e.NextAt).HasFilter("state = 0");
        entity.HasIndex(e => new { e.TenantId, e.Address });
    }
}
