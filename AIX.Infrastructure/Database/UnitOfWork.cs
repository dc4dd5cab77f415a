using System.Text.Json;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Live;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace AIX.Infrastructure.Database;

/// <summary>One context, one transaction, the tenant's role; events leave through the outbox with the commit.</summary>
internal sealed class UnitOfWork : IUnitOfWork
{
    private readonly IDbContextTransaction _transaction;
    private readonly TimeProvider _time;
    private readonly List<IDomainEvent> _events = [];

    private UnitOfWork(AixDbContext db, IDbContextTransaction transaction, TimeProvider time) => (Db, _transaction, _time) = (db, transaction, time);

    public AixDbContext Db { get; }

    public TenantId TenantId => Db.Tenant;

    public NpgsqlConnection Connection => (NpgsqlConnection)Db.Database.GetDbConnection();

    /// <summary>The implementation behind the port; every store of this project works inside it.</summary>
    public static UnitOfWork Of(IUnitOfWork work) => (UnitOfWork)work;

    public static async Task<UnitOfWork> BeginAsync(DataSources sources, TenantId tenant, TimeProvider time, CancellationToken ct)
    {
        var db = sources.Context(tenant);
        try
        {
            return new UnitOfWork(db, await db.Database.BeginTransactionAsync(ct), time);
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    public void Raise(IDomainEvent domainEvent) => _events.Add(domainEvent);

    public async Task CommitAsync(CancellationToken ct)
    {
        if (_events.Count > 0)
        {
            await using var batch = new NpgsqlBatch(Connection);
            foreach (var e in _events)
            {
                batch.Add(
                    "WITH o AS (INSERT INTO aix.outbox (tenant_id, id, name, payload, at) VALUES ($1, $2, $3, $4, $5) RETURNING id) SELECT pg_notify('aix_live', id::text) FROM o",
                    TenantId.Value,
                    Guid.CreateVersion7(_time.GetUtcNow()),
                    e.Name,
                    Sql.Json(JsonSerializer.Serialize<object>(e, LiveEvents.Json)),
                    _time.GetUtcNow());
            }

            await batch.ExecuteNonQueryAsync(ct);
        }

        await _transaction.CommitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Db.DisposeAsync();
    }
}

internal sealed class UnitOfWorkFactory(DataSources sources, TimeProvider time) : IUnitOfWorkFactory
{
    public async Task<IUnitOfWork> BeginAsync(TenantId tenant, CancellationToken ct) => await UnitOfWork.BeginAsync(sources, tenant, time, ct);
}
