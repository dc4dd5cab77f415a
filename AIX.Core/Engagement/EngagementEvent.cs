using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Engagement;

/// <summary>Something that a lead did: a page visited, a mail opened, a form filled in. Append-only.</summary>
public sealed class EngagementEvent : ITenantOwned
{
    /// <summary>Older ones say nothing of today.</summary>
    public const int KeptDays = 400;

    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid LeadId { get; init; }

    /// <summary><c>visit</c>, <c>open</c>, <c>click</c>, <c>form</c>, <c>reply</c>, <c>download</c>, or a word of the tenant's own.</summary>
    public required string Kind { get; init; }

    /// <summary>Page, mail or form; null when it does not matter.</summary>
    public string? Detail { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>An event as it is reported.</summary>
/// <param name="At">Null for now.</param>
public sealed record EngagementReport(string? Kind, string? Detail, DateTimeOffset? At);

public interface IEngagementStore
{
    /// <summary>Appends, and sends the lead through the pipeline again.</summary>
    /// <returns>False when there is no such lead.</returns>
    Task<bool> AddAsync(TenantId tenant, Guid lead, IReadOnlyList<EngagementEvent> events, CancellationToken ct);
}

/// <summary>Records what a lead did.</summary>
public sealed class RecordEngagement(IEngagementStore store, TimeProvider time)
{
    private const int MaxEvents = 1_000;

    private const int MaxKind = 40;

    private const int MaxDetail = 300;

    public async Task<Result<int>> ExecuteAsync(TenantId tenant, Guid lead, IReadOnlyList<EngagementReport> reports, CancellationToken ct)
    {
        if (reports.Count is 0 or > MaxEvents)
        {
            return new Error(ErrorKind.Invalid, "invalid-count", $"There are {reports.Count} events; send 1 to {MaxEvents} at once.");
        }

        var now = time.GetUtcNow();
        foreach (var (index, report) in reports.Index())
        {
            if (report?.Kind is not { Length: > 0 and <= MaxKind } kind || kind.Any(c => !char.IsLetterOrDigit(c) && c is not ('.' or '_' or '-')))
            {
                return new Error(ErrorKind.Invalid, "invalid-kind", $"kind of event {index + 1} is \"{report?.Kind}\"; it is a word of 1 to {MaxKind} letters and digits, such as visit, open or form.", "kind");
            }

            if (report.Detail?.Length > MaxDetail || report.At > now.AddMinutes(5) || report.At < now.AddDays(-EngagementEvent.KeptDays))
            {
                return new Error(ErrorKind.Invalid, "invalid-event", $"Event {index + 1}: detail has at most {MaxDetail} characters, and at lies within the last {EngagementEvent.KeptDays} days.", report.Detail?.Length > MaxDetail ? "detail" : "at");
            }
        }

        List<EngagementEvent> events = [.. reports.Select(r => new EngagementEvent { TenantId = tenant, Id = Guid.CreateVersion7(now), LeadId = lead, Kind = r.Kind!.ToLowerInvariant(), Detail = r.Detail, At = r.At ?? now })];
        return await store.AddAsync(tenant, lead, events, ct) ? events.Count : new Error(ErrorKind.NotFound, "unknown-lead", "There is no such lead.");
    }
}
