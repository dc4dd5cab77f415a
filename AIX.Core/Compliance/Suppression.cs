using AIX.Core.Tenancy;

namespace AIX.Core.Compliance;

/// <summary>An address that the whole tenant never contacts again.</summary>
public sealed class Suppression : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    /// <summary>E.164, or an e-mail address in lower case.</summary>
    public required string Number { get; init; }

    /// <summary>Why: <c>optOut</c>, <c>minor</c>, <c>person</c>, <c>file</c>, <c>api</c>, <c>unsubscribed</c>, <c>provider</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The call on which it was said; null where it came in another way.</summary>
    public Guid? CallId { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A line of the consent ledger: given, or withdrawn. Lines are added, never changed.</summary>
public sealed class ConsentEvent : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    /// <summary>E.164, or an e-mail address in lower case.</summary>
    public required string Address { get; init; }

    public required ContactChannel Channel { get; init; }

    public required MessageClass Purpose { get; init; }

    public required bool Explicit { get; init; }

    /// <summary>1 to 8; null for every category.</summary>
    public short? Category { get; init; }

    /// <summary>False withdraws.</summary>
    public required bool Given { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Where the proof is: a form, a recording, a contract.</summary>
    public required string Evidence { get; init; }

    public Guid? BatchId { get; init; }
}

/// <summary>What the register said about a number when it was last asked.</summary>
public sealed class DndPreference : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required string Number { get; init; }

    public required DateTimeOffset ScrubbedAt { get; init; }

    public required int Categories { get; init; }

    public required int Modes { get; init; }

    public required int Bands { get; init; }

    public required int Days { get; init; }

    public Guid? BatchId { get; init; }
}

/// <summary>Somebody complained about being called.</summary>
public sealed class Complaint : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public Guid? CallId { get; init; }
}

public enum GateStage
{
    /// <summary>A person looks; nothing follows, nothing is kept.</summary>
    Look,

    /// <summary>An audience is built.</summary>
    Audience,

    /// <summary>In the transaction that makes the attempt.</summary>
    Dial,

    /// <summary>Again, because the provider was not reached at once, or because the call waits there.</summary>
    Again,

    /// <summary>A message is about to be sent.</summary>
    Message,
}

/// <summary>A decision of the gate, kept. Lines are added, never changed.</summary>
public sealed class GateRecord : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required GateStage Stage { get; init; }

    public required Guid LeadId { get; init; }

    public required string Address { get; init; }

    public Guid? CampaignId { get; init; }

    public Guid? CallId { get; init; }

    public required bool Allowed { get; init; }

    /// <summary>Ids of the rules that said no.</summary>
    public required string[] Rules { get; init; }

    public required string Pack { get; init; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public required string Inputs { get; init; }
}

/// <summary>A version of what the tenant asks of itself beyond the law.</summary>
public sealed class RuleSetting : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required int Version { get; init; }

    /// <summary><see cref="Tightening"/> as JSON.</summary>
    public required string Document { get; init; }

    public Guid? AuthorId { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A file of compliance data that was taken in.</summary>
public sealed class ComplianceBatch : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    /// <summary><c>scrub</c>, <c>register</c>, <c>consent</c> or <c>suppression</c>.</summary>
    public required string Kind { get; init; }

    public required string FileName { get; init; }

    /// <summary>When the operator scrubbed, or the register was exported.</summary>
    public DateTimeOffset? AsOf { get; init; }

    public required int Rows { get; init; }

    public required int Refused { get; init; }

    /// <summary>The first refused rows with their reasons, as JSON.</summary>
    public required string Errors { get; init; }

    public Guid? UserId { get; init; }

    public required DateTimeOffset At { get; init; }
}
