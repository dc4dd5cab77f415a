using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;

namespace AIX.Core.Insights;

/// <summary>What a report is to be.</summary>
/// <param name="Days">1 to 366.</param>
/// <param name="Hour">0 to 23, in the organisation's zone.</param>
/// <param name="Recipients">1 to 20 people of the organisation who may read campaigns.</param>
public sealed record ReportWish(string? Name, int Days, ReportEvery Every, int Hour, IReadOnlyList<Guid> Recipients, Guid? CampaignId = null, string? Language = null, string? Region = null, string? Variant = null);

/// <summary>Saves and removes reports that are mailed on a schedule.</summary>
public sealed class ManageReports(IReportStore store, IReportMail mail, ITenantStore tenants, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    private const int MaxName = 80;
    private const int MaxDays = 366;
    private const int MaxRecipients = 20;
    private const int MaxReports = 50;

    /// <summary>What an admin has to set up before anything leaves; null for nothing.</summary>
    public string? NotReady => mail.NotReady;

    public Task<IReadOnlyList<ReportRow>> ListAsync(TenantId tenant, CancellationToken ct) => store.ListAsync(tenant, ct);

    /// <returns>The new report's id.</returns>
    public async Task<Result<Guid>> SaveAsync(TenantId tenant, Actor actor, ReportWish wish, CancellationToken ct)
    {
        var name = FreeText.Clean(wish.Name);
        var asked = wish.Recipients.Distinct().ToArray();
        var readers = asked.Length is > 0 and <= MaxRecipients ? await store.ReadersAsync(tenant, asked, ct) : [];
        Error? wrong = name is not { Length: > 0 and <= MaxName } ? Invalid("name", $"The name has 1 to {MaxName} characters.")
            : wish.Days is < 1 or > MaxDays ? Invalid("days", $"A report looks back 1 to {MaxDays} days.")
            : wish.Hour is < 0 or > 23 ? Invalid("hour", "The hour is 0 to 23.")
            : !Enum.IsDefined(wish.Every) ? Invalid("every", "A report comes every day, week or month.")
            : wish.Region is { Length: > 80 } || wish.Language is not (null or "en" or "hi") || wish.Variant is not (null or "A" or "B") ? Invalid("filter", "The filter does not fit: language en or hi, variant A or B, a region of at most 80 characters.")
            : asked.Length is 0 or > MaxRecipients ? Invalid("recipients", $"A report goes to 1 to {MaxRecipients} people.")
            : readers.Count(MayRead) < asked.Length ? Invalid("recipients", "A report goes to people of this organisation who may read campaigns: managers and admins.")
            : (await store.ListAsync(tenant, ct)).Count >= MaxReports ? new Error(ErrorKind.Conflict, "too-many-reports", $"There are {MaxReports} reports already; remove one first.") : null;
        if (wrong is not null)
        {
            return wrong;
        }

        var now = time.GetUtcNow();
        var zone = TimeZoneInfo.FindSystemTimeZoneById((await tenants.GetAsync(tenant, ct)).Settings.TimeZone);
        var report = new SavedReport
        {
            TenantId = tenant,
            Id = Guid.CreateVersion7(now),
            Name = name!,
            Days = wish.Days,
            CampaignId = wish.CampaignId,
            Language = wish.Language,
            Region = wish.Region,
            Variant = wish.Variant,
            Every = wish.Every,
            Hour = (short)wish.Hour,
            Recipients = asked,
            AuthorId = actor.Kind == "user" ? actor.Id : null,
            NextAt = ReportClock.Next(wish.Every, wish.Hour, zone, now),
        };
        await using var work = await works.BeginAsync(tenant, ct);
        await store.SaveAsync(work, report, ct);
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "report.saved", new { report.Id, report.Name, report.Every }, ct);
        return report.Id;
    }

    public async Task<Result<bool>> RemoveAsync(TenantId tenant, Actor actor, Guid id, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (!await store.RemoveAsync(work, id, ct))
        {
            return new Error(ErrorKind.NotFound, "unknown-report", "There is no such report.");
        }

        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "report.removed", new { id }, ct);
        return true;
    }

    internal static bool MayRead(Reader reader) => Roles.PermissionsOf(reader.Role).Contains(Permission.CampaignsRead);

    private static Error Invalid(string field, string message) => new(ErrorKind.Invalid, "invalid-" + field, message, field);
}
