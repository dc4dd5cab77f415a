using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Insights;

/// <summary>How often a report is mailed.</summary>
public enum ReportEvery
{
    Day,

    /// <summary>On Mondays.</summary>
    Week,

    /// <summary>On the first.</summary>
    Month,
}

/// <summary>A question about calls that somebody wants answered by mail, again and again.</summary>
public sealed class SavedReport : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Days that it looks back, up to yesterday.</summary>
    public required int Days { get; init; }

    public Guid? CampaignId { get; init; }

    public string? Language { get; init; }

    public string? Region { get; init; }

    public string? Variant { get; init; }

    public required ReportEvery Every { get; init; }

    /// <summary>0 to 23, in the organisation's zone.</summary>
    public required short Hour { get; init; }

    /// <summary>People of the organisation that get it.</summary>
    public required Guid[] Recipients { get; init; }

    public Guid? AuthorId { get; init; }

    public required DateTimeOffset NextAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Why the last one did not go out; null when it did.</summary>
    public string? Trouble { get; init; }

    /// <summary>Tries of the one that is due now.</summary>
    public int Tries { get; init; }

    /// <summary>The calls that it counts when it is sent on a day.</summary>
    public CallFilter FilterOn(DateOnly today) => new(today.AddDays(-Days), today.AddDays(-1), CampaignId, Language, Region, Variant);
}

/// <summary>When reports fall due: an hour of the organisation's wall clock, whatever the clocks do.</summary>
public static class ReportClock
{
    /// <returns>The next time strictly after <paramref name="after"/>. An hour that the clocks skip comes an hour later; one that they repeat is taken once.</returns>
    public static DateTimeOffset Next(ReportEvery every, int hour, TimeZoneInfo zone, DateTimeOffset after)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).Date);
        for (; ; day = day.AddDays(1))
        {
            if (IsDay(every, day) && At(day, hour, zone) is var at && at > after)
            {
                return at;
            }
        }
    }

    private static bool IsDay(ReportEvery every, DateOnly day) => every switch { ReportEvery.Week => day.DayOfWeek == DayOfWeek.Monday, ReportEvery.Month => day.Day == 1, _ => true };

    private static DateTimeOffset At(DateOnly day, int hour, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(new TimeOnly(hour, 0));
        return new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(zone.IsInvalidTime(local) ? local.AddHours(1) : local, zone), TimeSpan.Zero);
    }
}

/// <summary>A report as lists show it.</summary>
public sealed record ReportRow(SavedReport Report, string? Campaign, IReadOnlyList<string> Recipients);

/// <summary>Somebody who gets a report.</summary>
public sealed record Reader(Guid Id, string Email, Users.Role Role);

public interface IReportStore
{
    Task<IReadOnlyList<ReportRow>> ListAsync(TenantId tenant, CancellationToken ct);

    Task SaveAsync(IUnitOfWork work, SavedReport report, CancellationToken ct);

    /// <returns>False when there is no such report.</returns>
    Task<bool> RemoveAsync(IUnitOfWork work, Guid report, CancellationToken ct);

    /// <summary>Reports of all tenants that are due; 50 at most.</summary>
    Task<IReadOnlyList<(TenantId Tenant, Guid Report)>> DueAsync(DateTimeOffset now, CancellationToken ct);

    /// <returns>Null when it was removed meanwhile.</returns>
    Task<SavedReport?> FindAsync(TenantId tenant, Guid report, CancellationToken ct);

    Task<IReadOnlyList<Reader>> ReadersAsync(TenantId tenant, IReadOnlyCollection<Guid> users, CancellationToken ct);

    /// <summary>Writes down how a report's turn went.</summary>
    Task DoneAsync(TenantId tenant, Guid report, DateTimeOffset nextAt, DateTimeOffset? sentAt, string? trouble, int tries, CancellationToken ct);
}

/// <summary>Mails a file to people of the organisation.</summary>
public interface IReportMail
{
    /// <summary>Null when it is ready; else what an admin has to set up.</summary>
    string? NotReady { get; }

    /// <returns>Null when the server took it; else why not.</returns>
    Task<string?> SendAsync(IReadOnlyList<string> to, string subject, string body, string fileName, byte[] content, CancellationToken ct);
}
