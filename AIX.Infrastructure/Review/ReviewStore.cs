using AIX.Core.Leads;
using AIX.Core.Review;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Review;

internal sealed partial class ReviewStore(DataSources sources, TimeProvider time) : IReviewStore
{
    private readonly ShortMemory<(TenantId Tenant, bool IsManager), int> _waiting = new(time, TimeSpan.FromSeconds(1));

    /// <summary>What the reviewer $2, a manager or not ($3), may work on.</summary>
    private const string Visible = "($3 OR (i.escalated_at IS NULL AND i.round <> 2)) AND i.first_reviewer IS DISTINCT FROM $2 AND i.second_reviewer IS DISTINCT FROM $2";

    private const string RowColumns =
        """
        i.lead_id, coalesce(l.name, (SELECT c.value FROM aix.contact_points c WHERE c.tenant_id = l.tenant_id AND c.lead_id = l.id ORDER BY c.kind, c.position LIMIT 1), '?'), l.company, l.city,
        st.band, st.score, st.score_low, st.score_high, st.uncertain, i.reason, i.round, st.conflict, i.decision_value, i.created_at, i.holder_id, h.display_name, i.held_until, i.postponed_until, i.escalated_at IS NOT NULL, i.note, s.display_name, st.model_version, st.icp_version
        """;

    private const string RowTables =
        """
        aix.review_items i JOIN aix.leads l ON l.tenant_id = i.tenant_id AND l.id = i.lead_id JOIN aix.lead_standings st ON st.tenant_id = i.tenant_id AND st.lead_id = i.lead_id
        LEFT JOIN aix.users h ON h.tenant_id = i.tenant_id AND h.id = i.holder_id LEFT JOIN aix.users s ON s.tenant_id = i.tenant_id AND s.id = i.sent_by
        """;

    public async Task<IReadOnlyList<ReviewRow>> ClaimAsync(TenantId tenant, Reviewer reviewer, int count, TimeSpan lease, IReadOnlyCollection<Guid> but, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        await using (var command = work.Connection.Command(
            $"""
            WITH picked AS (
                SELECT i.lead_id FROM aix.review_items i WHERE i.tenant_id = $1 AND (i.held_until IS NULL OR i.held_until <= $4) AND (i.postponed_until IS NULL OR i.postponed_until <= $4) AND {Visible} AND NOT i.lead_id = ANY($6)
                ORDER BY i.decision_value DESC, i.created_at, i.lead_id
                LIMIT greatest(0, $7 - (SELECT count(*) FROM aix.review_items m WHERE m.tenant_id = $1 AND m.holder_id = $2 AND m.held_until > $4 AND NOT m.lead_id = ANY($6)))
                FOR UPDATE SKIP LOCKED)
            UPDATE aix.review_items i SET holder_id = $2, held_until = $5 FROM picked p WHERE i.tenant_id = $1 AND i.lead_id = p.lead_id RETURNING i.lead_id
            """,
            tenant.Value, reviewer.UserId, reviewer.IsManager, now, now + lease, but.ToArray(), count))
        {
            var taken = await command.IdsAsync(ct);
            if (taken.Count > 0)
            {
                work.Raise(new ReviewChanged(tenant, taken));
            }
        }

        IReadOnlyList<ReviewRow> rows;
        await using (var read = work.Connection.Command(
            $"SELECT {RowColumns} FROM {RowTables} WHERE i.tenant_id = $1 AND i.holder_id = $2 AND i.held_until > $3 AND NOT i.lead_id = ANY($4) ORDER BY i.decision_value DESC, i.created_at, i.lead_id",
            tenant.Value, reviewer.UserId, now, but.ToArray()))
        {
            rows = await RowsAsync(read, ct);
        }

        await work.CommitAsync(ct);
        return rows;
    }

    public async Task<ReviewRow?> TakeAsync(TenantId tenant, Reviewer reviewer, Guid lead, TimeSpan lease, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        await using (var command = work.Connection.Command(
            $"UPDATE aix.review_items i SET holder_id = $2, held_until = $6, postponed_until = NULL WHERE i.tenant_id = $1 AND i.lead_id = $4 AND (i.held_until IS NULL OR i.held_until <= $5 OR i.holder_id = $2) AND {Visible} RETURNING i.lead_id",
            tenant.Value, reviewer.UserId, reviewer.IsManager, lead, now, now + lease))
        {
            if ((await command.IdsAsync(ct)).Count > 0)
            {
                work.Raise(new ReviewChanged(tenant, [lead]));
            }
        }

        IReadOnlyList<ReviewRow> rows;
        await using (var read = work.Connection.Command($"SELECT {RowColumns} FROM {RowTables} WHERE i.tenant_id = $1 AND i.lead_id = $4 AND {Visible}", tenant.Value, reviewer.UserId, reviewer.IsManager, lead))
        {
            rows = await RowsAsync(read, ct);
        }

        await work.CommitAsync(ct);
        return rows.Count == 0 ? null : rows[0];
    }

    public async Task<IReadOnlyList<Guid>> HeartbeatAsync(TenantId tenant, Guid reviewer, IReadOnlyCollection<Guid> leads, TimeSpan lease, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);

        // A lease that ran out goes on when nobody has taken the item since.
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            "UPDATE aix.review_items SET held_until = $4 WHERE tenant_id = $1 AND lead_id = ANY($3) AND holder_id = $2 RETURNING lead_id", tenant.Value, reviewer, leads.ToArray(), now + lease);
        return await command.IdsAsync(ct);
    }

    public async Task ReleaseAsync(TenantId tenant, Guid reviewer, IReadOnlyCollection<Guid>? leads, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        await using (var command = work.Connection.Command(
            "UPDATE aix.review_items SET holder_id = NULL, held_until = NULL WHERE tenant_id = $1 AND holder_id = $2 AND ($3::uuid[] IS NULL OR lead_id = ANY($3)) RETURNING lead_id", tenant.Value, reviewer, leads?.ToArray()))
        {
            if (await command.IdsAsync(ct) is { Count: > 0 } freed)
            {
                work.Raise(new ReviewChanged(tenant, freed));
            }
        }

        await work.CommitAsync(ct);
    }

    public async Task<Guid?> BreakAsync(TenantId tenant, Guid lead, CancellationToken ct)
    {
        await using var work = await UnitOfWork.BeginAsync(sources, tenant, time, ct);
        Guid? holder;
        await using (var command = work.Connection.Command(
            """
            WITH was AS (SELECT holder_id FROM aix.review_items WHERE tenant_id = $1 AND lead_id = $2 FOR UPDATE)
            UPDATE aix.review_items i SET holder_id = NULL, held_until = NULL FROM was WHERE i.tenant_id = $1 AND i.lead_id = $2 RETURNING was.holder_id
            """,
            tenant.Value, lead))
        {
            holder = await command.ExecuteScalarAsync(ct) as Guid?;
        }

        work.Raise(new ReviewChanged(tenant, [lead]));
        await work.CommitAsync(ct);
        return holder;
    }

    public async Task<IReadOnlyList<ReviewRow>> PendingAsync(TenantId tenant, Reviewer reviewer, int limit, bool drafts, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        var only = drafts ? "AND EXISTS (SELECT 1 FROM aix.review_drafts d WHERE d.tenant_id = $1 AND d.lead_id = i.lead_id AND d.user_id = $2)" : "";
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            $"SELECT {RowColumns} FROM {RowTables} WHERE i.tenant_id = $1 AND {Visible} {only} ORDER BY (i.postponed_until IS NOT NULL AND i.postponed_until > $5), i.decision_value DESC, i.created_at, i.lead_id LIMIT $4",
            tenant.Value, reviewer.UserId, reviewer.IsManager, limit, time.GetUtcNow());
        return await RowsAsync(command, ct);
    }

    public async Task<IReadOnlyList<DecidedRow>> DecidedAsync(TenantId tenant, Guid? reviewer, bool discarded, int limit, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            """
            SELECT d.id, d.lead_id, coalesce(l.name, l.company, '?'), l.company, d.kind, d.seen_band, d.band, d.probability, d.reason, d.at, coalesce(u.display_name, '?'), d.undone_at IS NOT NULL
            FROM aix.review_decisions d JOIN aix.leads l ON l.tenant_id = $1 AND l.id = d.lead_id LEFT JOIN aix.users u ON u.tenant_id = $1 AND u.id = d.reviewer_id
            WHERE d.tenant_id = $1 AND ($2::uuid IS NULL OR d.reviewer_id = $2) AND (d.kind = 5) = $3 ORDER BY d.at DESC, d.id DESC LIMIT $4
            """,
            tenant.Value, reviewer, discarded, limit);
        var rows = new List<DecidedRow>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new DecidedRow(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.Nullable<string>(3), (DecisionKind)reader.GetInt16(4), reader.BandAt(5), reader.BandAt(6), reader.Nullable<double?>(7), reader.Nullable<string>(8),
                reader.GetFieldValue<DateTimeOffset>(9), reader.GetString(10), reader.GetBoolean(11)));
        }

        return rows;
    }

    public async Task<IReadOnlyList<LeadDecision>> OfLeadAsync(TenantId tenant, Guid lead, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<ReviewDecision>().Where(d => d.LeadId == lead).OrderByDescending(d => d.At).Take(50)
            .Select(d => new LeadDecision(
                d.Id, d.Kind, d.Round, d.Band, d.Probability, d.Reason, d.Text, d.Attribute, d.RightValue, d.SeenScore, d.SeenLow, d.SeenHigh, d.SeenModel,
                db.Set<User>().Where(u => u.Id == d.ReviewerId).Select(u => u.DisplayName).FirstOrDefault(), d.At, d.UndoneAt != null))
            .ToListAsync(ct);
    }

    public async Task<ReviewProgress> ProgressAsync(TenantId tenant, Reviewer reviewer, DateTimeOffset since, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var batch = new NpgsqlBatch(connection);
        var now = time.GetUtcNow();
        batch.Add(
            $"""
            SELECT count(*) FILTER (WHERE NOT later AND (free OR mine))::int, count(*) FILTER (WHERE NOT later AND NOT free AND NOT mine)::int, count(*) FILTER (WHERE later)::int,
                   (SELECT count(*)::int FROM aix.review_drafts d JOIN aix.review_items x ON x.tenant_id = $1 AND x.lead_id = d.lead_id WHERE d.tenant_id = $1 AND d.user_id = $2), min(held_until) FILTER (WHERE NOT free AND NOT mine)
            FROM (SELECT i.held_until, i.postponed_until IS NOT NULL AND i.postponed_until > $4 AS later, i.held_until IS NULL OR i.held_until <= $4 AS free, coalesce(i.holder_id = $2, false) AS mine FROM aix.review_items i WHERE i.tenant_id = $1 AND {Visible}) q
            """,
            tenant.Value, reviewer.UserId, reviewer.IsManager, now);
        batch.Add(
            """
            SELECT count(*) FILTER (WHERE reviewer_id = $2 AND kind IN (0, 1, 2))::int, count(*) FILTER (WHERE reviewer_id = $2 AND kind = 5)::int, count(*) FILTER (WHERE kind IN (0, 1, 2))::int,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds) FILTER (WHERE reviewer_id = $2 AND kind IN (0, 1, 2)) / 1000.0
            FROM aix.review_decisions WHERE tenant_id = $1 AND at >= $3 AND undone_at IS NULL
            """,
            tenant.Value, reviewer.UserId, since);
        batch.Add(
            """
            SELECT u.display_name, count(*)::int FROM aix.review_items i JOIN aix.users u ON u.tenant_id = $1 AND u.id = i.holder_id
            WHERE i.tenant_id = $1 AND i.held_until > $3 AND i.holder_id <> $2 GROUP BY u.display_name ORDER BY count(*) DESC, u.display_name
            """,
            tenant.Value, reviewer.UserId, now);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var (free, held, postponed, drafts, next) = (reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.Nullable<DateTimeOffset?>(4));
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        var (mine, discarded, team, median) = (reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.Nullable<double?>(3));
        await reader.NextResultAsync(ct);
        var holders = new List<(string, int)>();
        while (await reader.ReadAsync(ct))
        {
            holders.Add((reader.GetString(0), reader.GetInt32(1)));
        }

        return new ReviewProgress(free, held, postponed, drafts, mine, discarded, team, median, next, holders);
    }

    public Task<int> WaitingAsync(TenantId tenant, bool isManager, CancellationToken ct) => _waiting.GetAsync((tenant, isManager), async () =>
    {
        await using var db = sources.Context(tenant);
        var now = time.GetUtcNow();
        return await db.Set<ReviewItem>().CountAsync(i => (i.PostponedUntil == null || i.PostponedUntil <= now) && (isManager || (i.EscalatedAt == null && i.Round != ReviewRound.Adjudication)), CancellationToken.None);
    });

    public async Task<string?> DraftAsync(TenantId tenant, Guid reviewer, Guid lead, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<ReviewDraft>().Where(d => d.LeadId == lead && d.UserId == reviewer).Select(d => d.Content).FirstOrDefaultAsync(ct);
    }

    public async Task SaveDraftAsync(TenantId tenant, Guid reviewer, Guid lead, string? content, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var command = content is null
            ? connection.Command("DELETE FROM aix.review_drafts WHERE tenant_id = $1 AND lead_id = $2 AND user_id = $3", tenant.Value, lead, reviewer)
            : connection.Command(
                """
                INSERT INTO aix.review_drafts (tenant_id, lead_id, user_id, content, at) SELECT $1, $2, $3, $4, $5 WHERE EXISTS (SELECT 1 FROM aix.leads l WHERE l.tenant_id = $1 AND l.id = $2)
                ON CONFLICT (tenant_id, lead_id, user_id) DO UPDATE SET content = excluded.content, at = excluded.at
                """,
                tenant.Value, lead, reviewer, Sql.Json(content), time.GetUtcNow());
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<DoubleReview>> DoubleReviewsAsync(TenantId tenant, DateTimeOffset since, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        await db.Database.OpenConnectionAsync(ct);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            """
            SELECT DISTINCT ON (s.id) f.reviewer_id, fu.display_name, s.reviewer_id, su.display_name, coalesce(f.band, f.seen_band, 0), coalesce(s.band, s.seen_band, 0), f.kind = 2, s.kind = 2
            FROM aix.review_decisions s JOIN aix.review_decisions f ON f.tenant_id = $1 AND f.lead_id = s.lead_id AND f.round = 0 AND f.at <= s.at AND f.undone_at IS NULL AND f.kind IN (0, 1, 2) AND f.reviewer_id <> s.reviewer_id
            JOIN aix.users fu ON fu.tenant_id = $1 AND fu.id = f.reviewer_id JOIN aix.users su ON su.tenant_id = $1 AND su.id = s.reviewer_id
            WHERE s.tenant_id = $1 AND s.round = 1 AND s.undone_at IS NULL AND s.kind IN (0, 1, 2) AND s.at >= $2 ORDER BY s.id, f.at DESC
            """,
            tenant.Value, since);
        var found = new List<DoubleReview>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            found.Add(new DoubleReview(reader.GetGuid(0), reader.GetString(1), reader.GetGuid(2), reader.GetString(3), (Band)reader.GetInt16(4), (Band)reader.GetInt16(5), reader.GetBoolean(6), reader.GetBoolean(7)));
        }

        return found;
    }

    private static async Task<IReadOnlyList<ReviewRow>> RowsAsync(NpgsqlCommand command, CancellationToken ct)
    {
        var rows = new List<ReviewRow>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new ReviewRow(
                reader.GetGuid(0), reader.GetString(1), reader.Nullable<string>(2), reader.Nullable<string>(3), reader.BandAt(4), reader.Nullable<double?>(5), reader.Nullable<double?>(6), reader.Nullable<double?>(7), reader.GetBoolean(8),
                (ReviewReason)reader.GetInt16(9), (ReviewRound)reader.GetInt16(10), reader.Nullable<string>(11), reader.GetDouble(12), reader.GetFieldValue<DateTimeOffset>(13), reader.Nullable<Guid?>(14), reader.Nullable<string>(15),
                reader.Nullable<DateTimeOffset?>(16), reader.Nullable<DateTimeOffset?>(17), reader.GetBoolean(18), reader.Nullable<string>(19), reader.Nullable<string>(20))
            { ModelVersion = reader.Nullable<int?>(21), IcpVersion = reader.Nullable<int?>(22) });
        }

        return rows;
    }
}
