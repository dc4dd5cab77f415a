using System.Globalization;
using AIX.Core.Leads;
using Microsoft.AspNetCore.WebUtilities;

namespace AIX.Web.Features.Leads;

/// <summary>The table's filter in the address, so that it can be sent to somebody, kept, and gone back to.</summary>
public static class LeadFilterUrl
{
    /// <param name="me">Who <c>owner=me</c> is.</param>
    public static LeadFilter Read(string uri, Guid me)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? Text(string name) => query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 and <= 200 } text ? text : null;
        double? Number(string name) => double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && n is >= 0 and <= 1 ? n : null;
        T? Named<T>(string name)
            where T : struct, Enum => Text(name) is { } text && !char.IsDigit(text[0]) && Enum.TryParse<T>(text, true, out var value) ? value : null;
        var band = Text("band");
        return new LeadFilter(
            band == "uncertain" ? null : Named<Band>("band"), band == "uncertain" ? true : null, Text("q"), Named<LeadSort>("sort") ?? LeadSort.ScoreDescending, null, 50, Guid.TryParse(Text("import"), out var import) ? import : null)
        {
            Then = Named<LeadSort>("then"),
            State = Named<LeadState>("state"),
            OwnerId = Text("owner") switch { "me" => me, { } id when Guid.TryParse(id, out var owner) => owner, _ => null },
            Unowned = Text("owner") == "none",
            Tag = Text("tag"),
            ScoreFrom = Number("from"),
            ScoreTo = Number("to"),
            Company = Text("company"),
            City = Text("city"),
            Country = Text("country"),
            Title = Text("title"),
            Called = Text("called"),
            InReview = Text("review") == "1",
            Overridden = Text("overridden") == "1",
            DueBy = DateTimeOffset.TryParse(Text("due"), CultureInfo.InvariantCulture, out var due) ? due : null,
            ReceivedFrom = DateTimeOffset.TryParse(Text("since"), CultureInfo.InvariantCulture, out var since) ? since : null,
        };
    }

    public static string Write(LeadFilter filter, Guid me)
    {
        var values = new Dictionary<string, string?>
        {
            ["q"] = filter.Query,
            ["band"] = filter.Uncertain == true ? "uncertain" : filter.Band?.ToString().ToLowerInvariant(),
            ["sort"] = filter.Sort == LeadSort.ScoreDescending ? null : filter.Sort.ToString(),
            ["then"] = filter.Then?.ToString(),
            ["import"] = filter.ImportId?.ToString(),
            ["state"] = filter.State?.ToString(),
            ["owner"] = filter.Unowned ? "none" : filter.OwnerId is { } owner ? owner == me ? "me" : owner.ToString() : null,
            ["tag"] = filter.Tag,
            ["from"] = filter.ScoreFrom?.ToString(CultureInfo.InvariantCulture),
            ["to"] = filter.ScoreTo?.ToString(CultureInfo.InvariantCulture),
            ["company"] = filter.Company,
            ["city"] = filter.City,
            ["country"] = filter.Country,
            ["title"] = filter.Title,
            ["called"] = filter.Called,
            ["review"] = filter.InReview ? "1" : null,
            ["overridden"] = filter.Overridden ? "1" : null,
            ["due"] = filter.DueBy?.ToString("O", CultureInfo.InvariantCulture),
            ["since"] = filter.ReceivedFrom?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        return QueryHelpers.AddQueryString("/leads", values.Where(v => !string.IsNullOrEmpty(v.Value)).ToDictionary(v => v.Key, v => v.Value));
    }
}
