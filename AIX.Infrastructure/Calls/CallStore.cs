using System.Collections.Concurrent;
using AIX.Core.Calls;
using AIX.Core.Conversations;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIX.Infrastructure.Calls;

internal sealed class CallStore(DataSources sources) : ICallStore
{
    private const int KnownMost = 20_000;
    private const string LockOne = $"SELECT {CallReader.Columns} FROM aix.calls WHERE tenant_id = $1 AND id = $2 FOR UPDATE";

    /// <summary>Whose calls are: that never changes, and each of a call's webhooks asks.</summary>
    private readonly ConcurrentDictionary<Guid, CallOwner> _owners = new();

    public async Task<CallOwner?> OwnerAsync(Guid call, CancellationToken ct)
    {
        if (_owners.TryGetValue(call, out var known))
        {
            return known;
        }

        await using var connection = await sources.Front.OpenConnectionAsync(ct);
        await using var command = connection.Command("SELECT tenant_id, route FROM aix.calls WHERE id = $1", call);
        return await command.AllAsync(r => new CallOwner(new TenantId(r.GetGuid(0)), r.GetString(1)), ct) is [var owner] ? Keep(call, owner) : null;
    }

    private CallOwner Keep(Guid call, CallOwner owner)
    {
        if (_owners.Count > KnownMost)
        {
            _owners.Clear();
        }

        return _owners[call] = owner;
    }

    public async Task<int> OpenCountAsync(string route, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command("SELECT count(*)::int FROM aix.calls WHERE NOT wrapped_up AND state < 5 AND route = $1", route);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task<IReadOnlyList<Guid>> AdminsAsync(IUnitOfWork work, CancellationToken ct) =>
        await UnitOfWork.Of(work).Db.Set<User>().Where(u => u.Role == Role.Admin).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync(ct);

    public async Task<CallableLead?> LeadAsync(IUnitOfWork work, Guid lead, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            SELECT l.id, l.name, l.company, l.city, (SELECT c.value FROM aix.contact_points c WHERE c.tenant_id = $1 AND c.lead_id = l.id AND c.kind = 1 AND c.blind_index IS NOT NULL ORDER BY c.position LIMIT 1), l.source_kind, s.shown_band
            FROM aix.leads l LEFT JOIN aix.lead_standings s ON s.tenant_id = $1 AND s.lead_id = $2 WHERE l.tenant_id = $1 AND l.id = $2
            """,
            unit.TenantId.Value, lead);
        var rows = await command.AllAsync(r => new CallableLead(r.GetGuid(0), r.Nullable<string>(1), r.Nullable<string>(2), r.Nullable<string>(3), r.Nullable<string>(4), ((Core.Leads.SourceKind)r.GetInt16(5)).ToString(), r.BandAt(6)), ct);
        return rows.Count == 0 ? null : rows[0];
    }

    public void Add(IUnitOfWork work, Call call)
    {
        UnitOfWork.Of(work).Later(
            """
            INSERT INTO aix.calls (tenant_id, id, lead_id, user_id, campaign_id, attempt, variant, to_number, from_number, route, flow_key, flow_version, language, transport, state, gate, facts, recording_refused, wrapped_up, created_at, seen_at, band)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, false, false, $18, $19, $20)
            """,
            call.TenantId.Value, call.Id, call.LeadId, Typed(call.UserId, NpgsqlTypes.NpgsqlDbType.Uuid), Typed(call.CampaignId, NpgsqlTypes.NpgsqlDbType.Uuid), Typed(call.Attempt, NpgsqlTypes.NpgsqlDbType.Integer), Typed(call.Variant, NpgsqlTypes.NpgsqlDbType.Text),
            call.ToNumber, call.FromNumber, call.Route, call.FlowKey, call.FlowVersion, call.Language, (short)call.Transport, (short)call.State, Sql.Json(call.Gate), Sql.Json(call.Facts), call.CreatedAt, call.SeenAt, Typed((short?)call.Band, NpgsqlTypes.NpgsqlDbType.Smallint));
        Keep(call.Id, new CallOwner(call.TenantId, call.Route));
    }

    public async Task<Call?> LockAsync(IUnitOfWork work, Guid call, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(LockOne, unit.TenantId.Value, call);
        return (await command.AllAsync(CallReader.Read, ct)).FirstOrDefault();
    }

    public async Task<(Call? Call, bool IsNew)> LockAsync(IUnitOfWork work, CallEvent happened, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var batch = new NpgsqlBatch(unit.Connection);
        batch.Add(LockOne, unit.TenantId.Value, happened.CallId);
        batch.Add(
            "INSERT INTO aix.call_events (tenant_id, call_id, key, status, at) SELECT $1, $2, $3, $4, $5 WHERE EXISTS (SELECT FROM aix.calls WHERE tenant_id = $1 AND id = $2) ON CONFLICT DO NOTHING",
            unit.TenantId.Value, happened.CallId, happened.Key, happened.Status, happened.At);
        Call? call = null;
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                call = CallReader.Read(reader);
            }
        }

        return (call, batch.BatchCommands[1].RecordsAffected > 0);
    }

    public async Task<Call?> FindAsync(TenantId tenant, Guid call, CancellationToken ct)
    {
        await using var connection = await sources.OpenAsync(tenant, ct);
        await using var command = connection.Command($"SELECT {CallReader.Columns} FROM aix.calls WHERE tenant_id = $1 AND id = $2", tenant.Value, call);
        return (await command.AllAsync(CallReader.Read, ct)).FirstOrDefault();
    }

    public async Task<bool> TakeSidAsync(IUnitOfWork work, Guid call, string sid, DateTimeOffset now, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            UPDATE aix.calls SET provider_sid = $3, state = CASE WHEN state <= 1 THEN 2 ELSE state END, seen_at = $4
            WHERE tenant_id = $1 AND id = $2 AND provider_sid IS NULL AND NOT EXISTS (SELECT FROM aix.calls o WHERE o.tenant_id = $1 AND o.provider_sid = $3)
            """,
            unit.TenantId.Value, call, sid, now);
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    public void Change(IUnitOfWork work, Guid call, CallChange change, DateTimeOffset now)
    {
        var unit = UnitOfWork.Of(work);
        unit.Later(
            """
            UPDATE aix.calls SET
                state = coalesce($3, state), provider_sid = coalesce(provider_sid, $4), answered_by = coalesce($5, answered_by), disposition = coalesce($6, disposition), conversation = coalesce($7, conversation),
                recording_refused = coalesce($8, recording_refused), duration_seconds = coalesce($9, duration_seconds), error_code = coalesce($10, error_code), error_text = coalesce($11, error_text), summary = coalesce($12, summary),
                wrapped_up = coalesce($13, wrapped_up), seen_at = $14,
                ringing_at = CASE WHEN $3 = 3 THEN coalesce(ringing_at, $14) ELSE ringing_at END, answered_at = CASE WHEN $3 = 4 THEN coalesce(answered_at, $14) ELSE answered_at END, ended_at = CASE WHEN $3 >= 5 THEN coalesce(ended_at, $14) ELSE ended_at END
            WHERE tenant_id = $1 AND id = $2
            """,
            unit.TenantId.Value, call, Typed((short?)change.State, NpgsqlTypes.NpgsqlDbType.Smallint), Typed(change.ProviderSid, NpgsqlTypes.NpgsqlDbType.Text), Typed(change.AnsweredBy, NpgsqlTypes.NpgsqlDbType.Text),
            Typed((short?)change.Disposition, NpgsqlTypes.NpgsqlDbType.Smallint), Sql.Json(change.Conversation), Typed(change.RecordingRefused, NpgsqlTypes.NpgsqlDbType.Boolean), Typed(change.DurationSeconds, NpgsqlTypes.NpgsqlDbType.Integer),
            Typed(change.ErrorCode, NpgsqlTypes.NpgsqlDbType.Integer), Typed(change.ErrorText, NpgsqlTypes.NpgsqlDbType.Text), Typed(change.Summary, NpgsqlTypes.NpgsqlDbType.Text), Typed(change.WrappedUp, NpgsqlTypes.NpgsqlDbType.Boolean), now);
    }

    public void AddTurns(IUnitOfWork work, IReadOnlyList<CallTurn> turns)
    {
        if (turns.Count == 0)
        {
            return;
        }

        var unit = UnitOfWork.Of(work);
        unit.Later(
            """
            INSERT INTO aix.call_turns (tenant_id, call_id, sequence, from_callee, language, text, intent, confidence, sentiment, node, article_id, at, decision_ms, knowledge_ms, phrase_ms, wait_ms, slots)
            SELECT $1, $2, (SELECT coalesce(max(sequence), 0) FROM aix.call_turns WHERE tenant_id = $1 AND call_id = $2) + t.n, t.callee, t.language, t.text, t.intent, t.confidence, t.sentiment, t.node, t.article, t.at, t.ms, t.knowledge, t.phrase, t.wait, t.slots::jsonb
            FROM unnest($3::int[], $4::bool[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::float8[], $10::text[], $11::uuid[], $12::timestamptz[], $13::float8[], $14::float8[], $15::float8[], $16::float8[], $17::text[]) AS t(n, callee, language, text, intent, confidence, sentiment, node, article, at, ms, knowledge, phrase, wait, slots)
            """,
            unit.TenantId.Value, turns[0].CallId, Enumerable.Range(1, turns.Count).ToArray(), Sql.Column(turns, t => t.FromCallee), Sql.Column(turns, t => t.Language), Sql.Column(turns, t => t.Text.Replace("\0", "", StringComparison.Ordinal)), Sql.Column(turns, t => t.Intent),
            Sql.Column(turns, t => t.Confidence), Sql.Column(turns, t => t.Sentiment), Sql.Column(turns, t => t.Node), Sql.Column(turns, t => t.ArticleId), Sql.Column(turns, t => t.At), Sql.Column(turns, t => t.DecisionMs), Sql.Column(turns, t => t.KnowledgeMs), Sql.Column(turns, t => t.PhraseMs), Sql.Column(turns, t => t.WaitMs), Sql.Column(turns, t => t.Slots));
    }

    public async Task TrimLastAsync(IUnitOfWork work, Guid call, string heard, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            "UPDATE aix.call_turns SET text = $3 WHERE tenant_id = $1 AND call_id = $2 AND NOT from_callee AND sequence = (SELECT max(sequence) FROM aix.call_turns WHERE tenant_id = $1 AND call_id = $2 AND NOT from_callee) AND length(text) > length($3)",
            unit.TenantId.Value, call, heard.Length > 2_000 ? heard[..2_000] : heard);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task SaveRecordingAsync(IUnitOfWork work, CallRecording recording, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command(
            """
            INSERT INTO aix.call_recordings AS r (tenant_id, call_id, sid, status, duration_seconds, sha256, blob_key, deleted_at_provider, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (tenant_id, call_id) DO UPDATE SET sid = excluded.sid, status = CASE WHEN r.status = 'completed' THEN r.status ELSE excluded.status END, duration_seconds = coalesce(excluded.duration_seconds, r.duration_seconds), sha256 = coalesce(excluded.sha256, r.sha256),
                blob_key = coalesce(excluded.blob_key, r.blob_key), deleted_at_provider = coalesce(excluded.deleted_at_provider, r.deleted_at_provider)
            """,
            unit.TenantId.Value, recording.CallId, recording.Sid, recording.Status, Typed(recording.DurationSeconds, NpgsqlTypes.NpgsqlDbType.Integer), recording.Sha256, recording.BlobKey, Typed(recording.DeletedAtProvider, NpgsqlTypes.NpgsqlDbType.TimestampTz), recording.At);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<(TenantId Tenant, Guid Call, bool Ended)>> OpenAsync(DateTimeOffset unsettledBefore, DateTimeOffset seenBefore, DateTimeOffset createdBefore, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command("SELECT tenant_id, id, state >= 5 FROM aix.calls WHERE NOT wrapped_up AND (state >= 5 OR seen_at < $1 OR (state <= 1 AND seen_at < $2) OR created_at < $3) ORDER BY seen_at LIMIT 200", seenBefore, unsettledBefore, createdBefore);
        return await command.AllAsync(r => (new TenantId(r.GetGuid(0)), r.GetGuid(1), r.GetBoolean(2)), ct);
    }

    public async Task<IAsyncDisposable?> TakeSweepAsync(CancellationToken ct)
    {
        var connection = await sources.Queue.OpenConnectionAsync(ct);
        var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = connection.Command("SELECT pg_try_advisory_xact_lock(hashtextextended('calls.sweep', 41))");
        if (await command.ExecuteScalarAsync(ct) is true)
        {
            return new Sweep(connection, transaction);
        }

        await transaction.DisposeAsync();
        await connection.DisposeAsync();
        return null;
    }

    public async Task<IReadOnlyList<(TenantId Tenant, Guid Call)>> UnkeptRecordingsAsync(DateTimeOffset since, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command("SELECT tenant_id, call_id FROM aix.call_recordings WHERE status = 'completed' AND deleted_at_provider IS NULL AND at >= $1 ORDER BY at LIMIT 50", since);
        return await command.AllAsync(r => (new TenantId(r.GetGuid(0)), r.GetGuid(1)), ct);
    }

    /// <summary>Held as long as the transaction lives; a node that dies lets go with its connection.</summary>
    private sealed class Sweep(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }

    public async Task<IReadOnlyList<BoundCall>> BoundAsync(IReadOnlyList<string> sids, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command("SELECT tenant_id, id, provider_sid, state, duration_seconds FROM aix.calls WHERE provider_sid = ANY($1)", (object)sids.ToArray());
        return await command.AllAsync(r => new BoundCall(new TenantId(r.GetGuid(0)), r.GetGuid(1), r.GetString(2), (CallState)r.GetInt16(3), r.Nullable<int?>(4)), ct);
    }

    public async Task<IReadOnlyList<string>> BoundSinceAsync(string callerId, DateTimeOffset since, DateTimeOffset until, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);

        // Ids begin with their time, and have an index over all tenants.
        var first = Guid.ParseExact($"{since.ToUnixTimeMilliseconds():x12}70008000000000000000", "N");
        await using var command = connection.Command("SELECT provider_sid FROM aix.calls WHERE id >= $4 AND provider_sid IS NOT NULL AND from_number = $1 AND created_at BETWEEN $2 AND $3 LIMIT 10000", callerId, since, until, first);
        return await command.AllAsync(r => r.GetString(0), ct);
    }

    public async Task<bool> IsTakenAsync(IUnitOfWork work, string sid, Guid but, CancellationToken ct)
    {
        var unit = UnitOfWork.Of(work);
        await using var command = unit.Connection.Command("SELECT EXISTS (SELECT FROM aix.calls WHERE tenant_id = $1 AND provider_sid = $2 AND id <> $3)", unit.TenantId.Value, sid, but);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    public async Task<IReadOnlyList<CallTurn>> TurnsAsync(TenantId tenant, Guid call, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<CallTurn>().AsNoTracking().Where(t => t.CallId == call).OrderBy(t => t.Sequence).ToListAsync(ct);
    }

    public async Task<IReadOnlyList<CallTurn>> TurnsAsync(IUnitOfWork work, Guid call, CancellationToken ct) =>
        await UnitOfWork.Of(work).Db.Set<CallTurn>().AsNoTracking().Where(t => t.CallId == call).OrderBy(t => t.Sequence).ToListAsync(ct);

    public async Task<CallRecording?> RecordingAsync(TenantId tenant, Guid call, CancellationToken ct)
    {
        await using var db = sources.Context(tenant);
        return await db.Set<CallRecording>().AsNoTracking().FirstOrDefaultAsync(r => r.CallId == call, ct);
    }

    public async Task<IReadOnlyList<CallRow>> ListAsync(TenantId tenant, Guid? lead, bool openOnly, int limit, CancellationToken ct, string? said = null, Guid? campaign = null, Guid? call = null)
    {
        var order = openOnly ? "c.state DESC, coalesce(c.answered_at, c.created_at), c.id" : "c.created_at DESC";
        await using var connection = await sources.OpenAsync(tenant, ct);
        await using var command = connection.Command(
            $"""
            SELECT c.id, c.lead_id, l.name, l.company, u.display_name, c.state, c.answered_by, c.disposition, c.language, c.route, c.transport, c.created_at, c.answered_at, c.ended_at, c.duration_seconds, t.text, t.intent, t.decision_ms, c.error_text, c.summary
            FROM aix.calls c LEFT JOIN aix.leads l ON l.tenant_id = $1 AND l.id = c.lead_id LEFT JOIN aix.users u ON u.tenant_id = $1 AND u.id = c.user_id
                 LEFT JOIN LATERAL (SELECT text, intent, decision_ms FROM aix.call_turns t WHERE t.tenant_id = $1 AND t.call_id = c.id AND t.from_callee ORDER BY sequence DESC LIMIT 1) t ON true
            WHERE c.tenant_id = $1 AND ($2::uuid IS NULL OR c.lead_id = $2) AND ($6::uuid IS NULL OR c.campaign_id = $6) AND ($7::uuid IS NULL OR c.id = $7) AND (NOT $3 OR (NOT c.wrapped_up AND c.state < 5)) AND ($5::text IS NULL OR EXISTS (SELECT FROM aix.call_turns s WHERE s.tenant_id = $1 AND s.call_id = c.id AND position(lower($5) IN lower(s.text)) > 0)) ORDER BY {order} LIMIT $4
            """,
            tenant.Value, Typed(lead, NpgsqlTypes.NpgsqlDbType.Uuid), openOnly, limit, Typed(said, NpgsqlTypes.NpgsqlDbType.Text), Typed(campaign, NpgsqlTypes.NpgsqlDbType.Uuid), Typed(call, NpgsqlTypes.NpgsqlDbType.Uuid));
        return await command.AllAsync(
            r => new CallRow(
                r.GetGuid(0), r.GetGuid(1), r.Nullable<string>(2), r.Nullable<string>(3), r.Nullable<string>(4), (CallState)r.GetInt16(5), r.Nullable<string>(6), r.IsDBNull(7) ? null : (Disposition)r.GetInt16(7), r.GetString(8), r.GetString(9),
                (CallTransport)r.GetInt16(10), r.GetFieldValue<DateTimeOffset>(11), r.Nullable<DateTimeOffset?>(12), r.Nullable<DateTimeOffset?>(13), r.Nullable<int?>(14), r.Nullable<string>(15), r.Nullable<string>(16), r.Nullable<double?>(17), r.Nullable<string>(18), r.Nullable<string>(19)),
            ct);
    }

    private static NpgsqlParameter Typed(object? value, NpgsqlTypes.NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
