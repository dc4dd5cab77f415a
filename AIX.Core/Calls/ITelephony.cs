using AIX.Core.Tenancy;

namespace AIX.Core.Calls;

/// <summary>What a route can do.</summary>
/// <param name="CallerIdKind">How it reaches India: International, Series140, Series1600 or Landline.</param>
/// <param name="Relay">Carries a conversation over a WebSocket.</param>
/// <param name="MachineDetection">Tells people and answering machines apart.</param>
public sealed record RouteCapability(string CallerIdKind, IReadOnlyList<string> Languages, bool Relay, bool MachineDetection);

/// <summary>A way to the telephone network.</summary>
/// <param name="CallsPerSecond">Calls that may be placed per second, over all nodes.</param>
public sealed record CallRoute(string Name, string CallerId, double CallsPerSecond, int MaxConcurrent, RouteCapability Capability)
{
    /// <summary>Ids of the organisations that the caller id belongs to; empty for all of this installation.</summary>
    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>The account at the provider that it belongs to.</summary>
    public string Account { get; init; } = "";

    /// <summary>The token bucket that its calls are taken from: one for an account's caller id, however many routes name it.</summary>
    public string Bucket => $"call:{Account}:{CallerId}";
}

/// <summary>What a provider said to a call that was to be placed.</summary>
public abstract record PlaceResult
{
    public sealed record Placed(string Sid) : PlaceResult;

    /// <summary>Refused: nothing rings.</summary>
    /// <param name="Retry">It was never looked at; the same call may be posted again.</param>
    public sealed record Refused(ProviderError Error, bool Retry) : PlaceResult;

    /// <summary>Nobody knows: the answer was lost on the way.</summary>
    public sealed record Unknown(string Why) : PlaceResult;
}

/// <summary>What is to be done about a provider's error.</summary>
public enum ProviderFault
{
    /// <summary>The number does not exist: the lead is not called again.</summary>
    InvalidNumber,

    /// <summary>Cannot be reached on this route.</summary>
    Unreachable,

    /// <summary>The account or its settings are wrong: the route rests and an admin hears of it.</summary>
    Configuration,

    /// <summary>Too fast or too many: wait.</summary>
    Busy,

    /// <summary>There is no such call any more.</summary>
    Gone,

    Other,
}

public sealed record ProviderError(int Code, int HttpStatus, string Message, ProviderFault Fault);

/// <summary>A call as the provider sees it.</summary>
public sealed record ProviderCall(string Sid, string To, string From, string Status, DateTimeOffset? Created, int? DurationSeconds, string? AnsweredBy)
{
    /// <summary>The call whose further leg this is; null for a call of its own.</summary>
    public string? ParentSid { get; init; }

    /// <summary>Placed by a program, not taken from outside.</summary>
    public bool Outbound { get; init; } = true;
}

/// <summary>Hears that the provider refuses a route's settings. Answered by campaigns, which stop using it.</summary>
public interface IRouteAlarm
{
    Task RaiseAsync(TenantId tenant, string route, ProviderError error, CancellationToken ct);
}

/// <summary>The telephone network. Vendors' words stop behind it.</summary>
public interface ITelephony
{
    IReadOnlyList<CallRoute> Routes { get; }

    /// <summary>How long a route still rests after failures of the provider; null for one that works.</summary>
    TimeSpan? RestsFor(string route);

    /// <summary>Posts a call once. Its id travels in every address that the provider is given.</summary>
    Task<PlaceResult> PlaceAsync(Call call, int ringSeconds, int maxSeconds, CancellationToken ct);

    /// <returns>Null when the provider has no such call.</returns>
    Task<ProviderCall?> FindAsync(string route, string sid, CancellationToken ct);

    /// <summary>Calls between two numbers since a moment, the newest first.</summary>
    Task<IReadOnlyList<ProviderCall>> ListAsync(string route, string to, string from, DateTimeOffset since, CancellationToken ct);

    /// <summary>All calls from a route's caller id since a moment, the newest first; 10,000 at most.</summary>
    Task<IReadOnlyList<ProviderCall>> SinceAsync(CallRoute route, DateTimeOffset since, CancellationToken ct);

    /// <summary>Ends a call that rings or goes on; one that is gone already is fine.</summary>
    Task HangUpAsync(string route, string sid, CallState state, CancellationToken ct);

    /// <summary>Sends a live call to a person.</summary>
    Task TransferAsync(Call call, CancellationToken ct);

    /// <summary>Has the opening words said to an answering machine, then hangs up.</summary>
    Task LeaveMessageAsync(Call call, CancellationToken ct);

    Task<string?> StartRecordingAsync(Call call, CancellationToken ct);

    Task StopRecordingAsync(Call call, CancellationToken ct);

    /// <param name="take">Reads the media to their end.</param>
    /// <returns>False when the provider does not have them (yet, or any more).</returns>
    Task<bool> FetchRecordingAsync(string route, string sid, Func<Stream, CancellationToken, Task> take, CancellationToken ct);

    Task DeleteRecordingAsync(string route, string sid, CancellationToken ct);
}
