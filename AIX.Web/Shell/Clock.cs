using System.Globalization;
using AIX.Core.Tenancy;

namespace AIX.Web.Shell;

/// <summary>Times as the tenant's people read them.</summary>
public sealed class Clock(ITenantStore tenants, ICurrentTenant current, TimeProvider time)
{
    private static readonly TimeSpan Recent = TimeSpan.FromDays(7);

    private TimeZoneInfo _zone = TimeZoneInfo.Utc;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>When the tenant's day began.</summary>
    public DateTimeOffset Today
    {
        get
        {
            var local = TimeZoneInfo.ConvertTime(Now, _zone);
            return new DateTimeOffset(local.Date, _zone.GetUtcOffset(local.Date)).ToUniversalTime();
        }
    }

    /// <summary>A local time of the tenant as an instant.</summary>
    public DateTimeOffset FromLocal(DateTime local) => new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), _zone.GetUtcOffset(local)).ToUniversalTime();

    public DateTime ToLocal(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _zone).DateTime;

    public async Task LoadAsync()
    {
        if (current.Id is { } tenant)
        {
            _zone = TimeZoneInfo.FindSystemTimeZoneById((await tenants.GetAsync(tenant, CancellationToken.None)).Settings.TimeZone);
        }
    }

    /// <summary>"Today 14:32", "19 Nov 14:32" within a week, then "3 Feb", "3 Feb 2025".</summary>
    public string Show(DateTimeOffset at, string today)
    {
        var local = TimeZoneInfo.ConvertTime(at, _zone);
        var now = TimeZoneInfo.ConvertTime(Now, _zone);
        var culture = CultureInfo.CurrentUICulture;
        return local.Date == now.Date ? $"{today} {local.ToString("HH:mm", culture)}" : local.ToString(now - local < Recent ? "d MMM HH:mm" : local.Year == now.Year ? "d MMM" : "d MMM yyyy", culture);
    }
}
