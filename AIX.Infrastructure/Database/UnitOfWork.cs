using System.Text.Json;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Live;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Database;

/// <summary>One context, one transaction, the tenant's role; events leave through the outbox with the commit. Writes whose answer nobody needs gather and go out together, in their order.</summary>
internal sealed class UnitOfWork : IUnitOfWork
{
    /// <summary>Ids of events in one notice, of which PostgreSQL takes 8,000 bytes.</summary>
    private const int NoticeIds = 200;

    private readonly DataSources _sources;
    private readonly NpgsqlTransaction _transaction;
    private readonly TimeProvider _time;
    private readonly List<IDomainEvent> _events = [];
    private readonly List<Notice> _notices = [];
    private AixDbContext? _db;
    private NpgsqlBatch? _later;
    private bool _disposed;

    private UnitOfWork(DataSources sources, TenantId tenant, NpgsqlConnection connection, NpgsqlTransaction transaction, TimeProvider time) =>
        (_sources, TenantId, Connection, _transaction, _time) = (sources, tenant, connection, transaction, time);

    /// <summary>A context on the same connection and transaction, made when it is first asked for: much of what is done often is SQL alone.</summary>
    public AixDbContext Db
    {
        get
        {
            if (_db is null)
            {
                _db = _sources.Context(TenantId);
                _db.Database.SetDbConnection(Connection);
                _db.Database.UseTransaction(_transaction);
            }

            return _db;
        }
    }

    public TenantId TenantId { get; }

    public NpgsqlConnection Connection { get; }

    /// <summary>The implementation behind the port; every store of this project works inside it.</summary>
    public static UnitOfWork Of(IUnitOfWork work) => (UnitOfWork)work;

    public static async Task<UnitOfWork> BeginAsync(DataSources sources, TenantId tenant, TimeProvider time, CancellationToken ct)
    {
        var connection = await sources.OpenAsync(tenant, ct);
        try
        {
            return new UnitOfWork(sources, tenant, connection, await connection.BeginTransactionAsync(ct), time);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public void Raise(IDomainEvent domainEvent) => _events.Add(domainEvent);

    public void Tell(Notice notice) => _notices.Add(notice);

    /// <summary>A write that goes out with the commit, or with <see cref="FlushAsync"/>: one trip to the database for all of them. For what the rest of the transaction does not read.</summary>
    public void Later(string sql, params ReadOnlySpan<object?> values) => (_later ??= new NpgsqlBatch(Connection)).Add(sql, values);

    /// <summary>Sends what waits, for a question that has to see it.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        if (_later is { } batch)
        {
            _later = null;
            await using (batch)
            {
                await batch.ExecuteNonQueryAsync(ct);
            }
        }
    }

    public async Task CommitAsync(CancellationToken ct)
    {
        Tell();
        Announce();
        if (_later is null)
        {
            await _transaction.CommitAsync(ct);
        }
        else
        {
            // In the same trip: an error before it leaves the transaction open, and what is open is rolled back.
            _later.Add("COMMIT");
            await FlushAsync(ct);
        }

        // Whoever goes on after the commit, with the audit log or a question, finds the connection free.
        await DisposeAsync();
    }

    /// <summary>Events wait in the outbox; listeners hear their ids, many in one notice.</summary>
    private void Announce()
    {
        if (_events.Count == 0)
        {
            return;
        }

        var now = _time.GetUtcNow();
        var ids = _events.ConvertAll(_ => Guid.CreateVersion7(now));
        Later(
            "INSERT INTO aix.outbox (tenant_id, id, name, payload, at) SELECT $1, e.id, e.name, e.payload::jsonb, $2 FROM unnest($3::uuid[], $4::text[], $5::text[]) AS e(id, name, payload)",
            TenantId.Value, now, ids.ToArray(), Sql.Column(_events, e => e.Name), Sql.Column(_events, e => JsonSerializer.Serialize<object>(e, LiveEvents.Json)));
        foreach (var some in ids.Chunk(NoticeIds))
        {
            Later("SELECT pg_notify('aix_live', $1)", string.Join(',', some));
        }
    }

    private void Tell()
    {
        if (_notices.Count == 0)
        {
            return;
        }

        var now = _time.GetUtcNow();
        Later(
            """
            INSERT INTO aix.notifications (tenant_id, id, user_id, kind, lead_id, text, at)
            SELECT $1, n.id, n.user_id, n.kind, n.lead_id, n.text, $2 FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[]) AS n(id, user_id, kind, lead_id, text)
            """,
            TenantId.Value, now, _notices.Select(_ => Guid.CreateVersion7(now)).ToArray(), Sql.Column(_notices, n => n.UserId), Sql.Column(_notices, n => n.Kind), Sql.Column(_notices, n => n.LeadId), Sql.Column(_notices, n => n.Text));
        Raise(new PeopleTold(TenantId, [.. _notices.Select(n => n.UserId).Distinct()]));
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_later is { } batch)
        {
            await batch.DisposeAsync();
        }

        if (_db is not null)
        {
            await _db.DisposeAsync();
        }

        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}

internal sealed class UnitOfWorkFactory(DataSources sources, TimeProvider time) : IUnitOfWorkFactory
{
    public async Task<IUnitOfWork> BeginAsync(TenantId tenant, CancellationToken ct) => await UnitOfWork.BeginAsync(sources, tenant, time, ct);
}
