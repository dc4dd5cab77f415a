using System.Globalization;
using AIX.Core.Leads;
using AIX.Core.Users;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Leads;

/// <summary>A filter's conditions in words.</summary>
internal static class FilterWords
{
    /// <returns>Every condition beside text and band, and the filter without it.</returns>
    public static IReadOnlyList<(string Text, LeadFilter Without)> Of(LeadFilter filter, Guid user, IReadOnlyList<Person> people, IStringLocalizer<Texts> texts, Clock clock)
    {
        List<(string, LeadFilter)> words = [];
        if (filter.State is { } state)
        {
            words.Add((texts[$"state.{state}"], filter with { State = null }));
        }

        if (filter.Unowned)
        {
            words.Add((texts["leads.unowned"], filter with { Unowned = false }));
        }

        if (filter.OwnerId is { } owner)
        {
            words.Add((owner == user ? texts["filter.mine"] : people.FirstOrDefault(p => p.Id == owner)?.Name ?? "?", filter with { OwnerId = null }));
        }

        if (filter.Tag is { } tag)
        {
            words.Add(("#" + tag, filter with { Tag = null }));
        }

        if (filter.ScoreFrom is not null || filter.ScoreTo is not null)
        {
            words.Add((texts["filter.scorebetween", (filter.ScoreFrom ?? 0).ToString("0.00", CultureInfo.InvariantCulture), (filter.ScoreTo ?? 1).ToString("0.00", CultureInfo.InvariantCulture)], filter with { ScoreFrom = null, ScoreTo = null }));
        }

        if (filter.Company is { } company)
        {
            words.Add(($"{texts["field.company"]}: {company}", filter with { Company = null }));
        }

        if (filter.City is { } city)
        {
            words.Add(($"{texts["field.city"]}: {city}", filter with { City = null }));
        }

        if (filter.Country is { } country)
        {
            words.Add(($"{texts["field.country"]}: {country}", filter with { Country = null }));
        }

        if (filter.Title is { } title)
        {
            words.Add(($"{texts["field.title"]}: {title}", filter with { Title = null }));
        }

        if (filter.InReview)
        {
            words.Add((texts["leads.inreview"], filter with { InReview = false }));
        }

        if (filter.Overridden)
        {
            words.Add((texts["lead.overridden"], filter with { Overridden = false }));
        }

        if (filter.DueBy is not null)
        {
            words.Add((texts["filter.due"], filter with { DueBy = null }));
        }

        if (filter.ReceivedFrom is { } since)
        {
            words.Add((texts["filter.since", clock.Show(since, texts["time.today"])], filter with { ReceivedFrom = null }));
        }

        if (filter.ImportId is not null)
        {
            words.Add((texts["filter.import"], filter with { ImportId = null }));
        }

        return words;
    }
}
