using AIX.Core.Calls;
using AIX.Core.Conversations;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Calls;

/// <summary>A call's row, read by hand: each webhook reads one, and the mapper's context costs more than the query.</summary>
internal static class CallReader
{
    public const string Columns =
        """
        tenant_id, id, lead_id, user_id, to_number, from_number, route, flow_key, flow_version, language, transport, state, provider_sid, answered_by, disposition, gate::text, conversation::text, facts::text,
        recording_refused, duration_seconds, error_code, error_text, summary, created_at, ringing_at, answered_at, ended_at, seen_at, campaign_id, attempt, variant, wrapped_up, band
        """;

    public static Call Read(NpgsqlDataReader r) => new()
    {
        TenantId = new TenantId(r.GetGuid(0)),
        Id = r.GetGuid(1),
        LeadId = r.GetGuid(2),
        UserId = r.Nullable<Guid?>(3),
        ToNumber = r.GetString(4),
        FromNumber = r.GetString(5),
        Route = r.GetString(6),
        FlowKey = r.GetString(7),
        FlowVersion = r.GetInt32(8),
        Language = r.GetString(9),
        Transport = (CallTransport)r.GetInt16(10),
        State = (CallState)r.GetInt16(11),
        ProviderSid = r.Nullable<string>(12),
        AnsweredBy = r.Nullable<string>(13),
        Disposition = (Disposition?)r.Nullable<short?>(14),
        Gate = r.GetString(15),
        Conversation = r.Nullable<string>(16),
        Facts = r.GetString(17),
        RecordingRefused = r.GetBoolean(18),
        DurationSeconds = r.Nullable<int?>(19),
        ErrorCode = r.Nullable<int?>(20),
        ErrorText = r.Nullable<string>(21),
        Summary = r.Nullable<string>(22),
        CreatedAt = r.GetFieldValue<DateTimeOffset>(23),
        RingingAt = r.Nullable<DateTimeOffset?>(24),
        AnsweredAt = r.Nullable<DateTimeOffset?>(25),
        EndedAt = r.Nullable<DateTimeOffset?>(26),
        SeenAt = r.GetFieldValue<DateTimeOffset>(27),
        CampaignId = r.Nullable<Guid?>(28),
        Attempt = r.Nullable<int?>(29),
        Variant = r.Nullable<string>(30),
        WrappedUp = r.GetBoolean(31),
        Band = r.BandAt(32),
    };
}
