using AIX.Core.Conversations;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Calls;

/// <summary>State of an attempt. It moves forward only; the states from <see cref="Completed"/> on are ends.</summary>
public enum CallState
{
    /// <summary>Committed, not yet posted to the provider.</summary>
    Posting,

    /// <summary>Posted, and the answer was lost: the provider may or may not have placed it.</summary>
    Uncertain,
    Queued,
    Ringing,
    InProgress,
    Completed,
    Busy,
    NoAnswer,
    Failed,
    Canceled,
}

public enum CallTransport
{
    /// <summary>TwiML turn by turn.</summary>
    Gather,

    /// <summary>ConversationRelay over a WebSocket.</summary>
    Relay,
}

/// <summary>One attempt to reach a lead by phone: its row is there before the provider hears of it.</summary>
public sealed class Call : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid LeadId { get; init; }

    /// <summary>Who pressed the button; null for a schedule.</summary>
    public Guid? UserId { get; init; }

    public required string ToNumber { get; init; }

    public required string FromNumber { get; init; }

    /// <summary>Name of the route in the configuration.</summary>
    public required string Route { get; init; }

    public required string FlowKey { get; init; }

    public required int FlowVersion { get; init; }

    public required string Language { get; init; }

    public required CallTransport Transport { get; init; }

    public required CallState State { get; init; }

    public string? ProviderSid { get; init; }

    /// <summary>Who answered, by the provider's detection.</summary>
    public string? AnsweredBy { get; init; }

    public Disposition? Disposition { get; init; }

    /// <summary>The gate's decision, as JSON.</summary>
    public required string Gate { get; init; }

    /// <summary>Where the conversation stands, as JSON; null before the first word.</summary>
    public string? Conversation { get; init; }

    /// <summary>Facts that the texts are filled with, as JSON.</summary>
    public required string Facts { get; init; }

    /// <summary>Whether a machine is left a message.</summary>
    public bool LeavesMessage => Facts.Contains($"\"{PlaceCall.VoicemailFact}\":\"yes\"", StringComparison.Ordinal) || Facts.Contains($"\"{PlaceCall.VoicemailFact}\": \"yes\"", StringComparison.Ordinal);

    public bool RecordingRefused { get; init; }

    public int? DurationSeconds { get; init; }

    public int? ErrorCode { get; init; }

    public string? ErrorText { get; init; }

    public string? Summary { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RingingAt { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Last sign of life: an event, a turn, an answer of the provider.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>The campaign that it belongs to; null for a person's own call.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>Which attempt of the campaign to reach the lead, from 1.</summary>
    public int? Attempt { get; init; }

    /// <summary>Which of the campaign's scripts: <c>A</c> or <c>B</c>.</summary>
    public string? Variant { get; init; }

    /// <summary>The lead's band when the attempt was made: what comes of the call moves the band, so that later it tells nothing about how well it foretold.</summary>
    public Band? Band { get; init; }

    /// <summary>What has to follow the end (summary, facts, tasks) has been done.</summary>
    public bool WrappedUp { get; init; }
}

/// <summary>One thing said.</summary>
public sealed class CallTurn : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid CallId { get; init; }

    public required int Sequence { get; init; }

    public required bool FromCallee { get; init; }

    public required string Language { get; init; }

    public required string Text { get; init; }

    public string? Intent { get; init; }

    public double? Confidence { get; init; }

    /// <summary>In [−1, 1].</summary>
    public double? Sentiment { get; init; }

    /// <summary>Slots that this turn filled or changed, as a JSON object; null for none.</summary>
    public string? Slots { get; init; }

    public string? Node { get; init; }

    /// <summary>The article that an answer was taken from.</summary>
    public Guid? ArticleId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Milliseconds from what was heard to the decision.</summary>
    public double? DecisionMs { get; init; }

    /// <summary>Of these, milliseconds for the flow, the embedding and the articles.</summary>
    public double? KnowledgeMs { get; init; }

    /// <summary>Of these, milliseconds for the language model.</summary>
    public double? PhraseMs { get; init; }

    /// <summary>Of these, milliseconds for the database: its connection and the call's lock.</summary>
    public double? WaitMs { get; init; }
}

/// <summary>A provider's event, once.</summary>
public sealed class CallEvent : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid CallId { get; init; }

    public required string Key { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset At { get; init; }
}

public sealed class CallRecording : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid CallId { get; init; }

    public required string Sid { get; init; }

    public required string Status { get; init; }

    public int? DurationSeconds { get; init; }

    /// <summary>SHA-256 of the plain media, lower-case hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Where the encrypted media lies; null until it was fetched, and after a refusal.</summary>
    public string? BlobKey { get; init; }

    public DateTimeOffset? DeletedAtProvider { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>An answer that the assistant may give.</summary>
public sealed class KnowledgeArticle : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string Language { get; init; }

    public required string Title { get; init; }

    public required string Answer { get; init; }

    /// <summary>Further words that it is found by.</summary>
    public string Keys { get; init; } = "";

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A version of a flow.</summary>
public sealed class FlowVersion : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required string Key { get; init; }

    public required int Version { get; init; }

    public required string Document { get; init; }

    public Guid? AuthorId { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A call changed: state, a turn, its outcome.</summary>
public sealed record CallChanged(TenantId TenantId, Guid CallId, Guid LeadId) : IDomainEvent
{
    public string Name => "call.changed";
}

/// <summary>The forward-only order of states.</summary>
public static class CallStates
{
    public static bool IsEnd(CallState state) => state >= CallState.Completed;

    /// <summary>Whether an event may move a call: never back, and never out of an end.</summary>
    public static bool MayMove(CallState from, CallState to) => !IsEnd(from) && to > from;

    /// <summary>A provider's word; null for one that is not known.</summary>
    public static CallState? Of(string status) => status switch
    {
        "queued" or "initiated" => CallState.Queued,
        "ringing" => CallState.Ringing,
        "in-progress" or "answered" => CallState.InProgress,
        "completed" => CallState.Completed,
        "busy" => CallState.Busy,
        "no-answer" => CallState.NoAnswer,
        "failed" => CallState.Failed,
        "canceled" => CallState.Canceled,
        _ => null,
    };
}
