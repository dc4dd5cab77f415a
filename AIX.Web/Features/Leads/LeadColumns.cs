using AIX.Core.Leads;

namespace AIX.Web.Features.Leads;

/// <summary>A column of the lead table.</summary>
/// <param name="Width">CSS width; null takes what is left.</param>
/// <param name="Css">Where it leaves on narrow screens, and how it stands.</param>
public sealed record LeadColumn(string Key, string? Width, string? Css, LeadSort? Ascending = null, LeadSort? Descending = null);

public static class LeadColumns
{
    public static readonly IReadOnlyList<LeadColumn> All =
    [
        new("band", "112px", null), new("score", "66px", "r", LeadSort.ScoreAscending, LeadSort.ScoreDescending), new("interval", "150px", null), new("trend", "80px", "hide-m"), new("reason", null, null), new("owner", "62px", "hide-n"),
        new("next", "132px", "hide-n", LeadSort.NextAscending, LeadSort.NextDescending), new("touch", "88px", "r hide-m", LeadSort.TouchedAscending, LeadSort.TouchedDescending), new("state", "128px", "hide-m"),
        new("received", "112px", "r hide-n", LeadSort.CreatedAscending, LeadSort.CreatedDescending), new("company", "160px", "hide-n", LeadSort.CompanyAscending, LeadSort.CompanyDescending), new("title", "150px", "hide-n"), new("city", "110px", "hide-n"),
        new("country", "90px", "hide-n"), new("email", "190px", "hide-n"), new("phone", "140px", "hide-n"), new("tags", "140px", "hide-n"), new("language", "70px", "hide-n"), new("consent", "110px", "hide-n"),
    ];

    public static readonly IReadOnlyList<string> Default = ["band", "score", "interval", "trend", "reason", "owner", "next", "touch"];

    /// <summary>The chosen columns in their order; unknown names are passed over.</summary>
    public static IReadOnlyList<LeadColumn> Of(IReadOnlyList<string> keys) => [.. (keys.Count == 0 ? Default : keys).Select(k => All.FirstOrDefault(c => c.Key == k)).OfType<LeadColumn>()];
}
