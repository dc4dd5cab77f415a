using AIX.Core.Shared;

namespace AIX.Core.Profiles;

/// <summary>The rules that a profile keeps.</summary>
public static class ProfileCheck
{
    private const int MaxEntries = 500;

    private const int MaxText = 200;

    /// <summary>The first rule that the profile breaks, with the field; null when it keeps them all.</summary>
    public static Error? Of(IdealCustomerProfile p)
    {
        if (!(p.EmployeesMin >= 0 && p.EmployeesMax >= p.EmployeesMin && p.EmployeesMax <= 1e8))
        {
            return Invalid("employeesMax", $"The range of employees is {p.EmployeesMin} to {p.EmployeesMax}; it runs from a smaller to a larger number, 0 to 100,000,000.");
        }

        if (p.RevenueMin is not null != p.RevenueMax is not null || (p is { RevenueMin: { } min, RevenueMax: { } max } && !(min > 0 && max >= min && max < 1e15)))
        {
            return Invalid("revenueMax", "A range of revenue has two ends above 0, the smaller first; leave both out if revenue does not matter.");
        }

        if (!(p.BaseRate is > 0 and < 1))
        {
            return Invalid("baseRate", $"The base rate is {p.BaseRate}; it is a share between 0 and 1.");
        }

        foreach (var (field, weights, low, high) in new (string, IReadOnlyDictionary<string, double>, double, double)[]
        {
            ("industries", p.Industries, 0, 1), ("industryCodes", p.IndustryCodes, 0, 1), ("territories", p.Territories, 0, 1), ("seniorities", p.Seniorities, 0, 1), ("functions", p.Functions, 0, 1),
            ("requiredTechnologies", p.RequiredTechnologies, 0, 1), ("desiredTechnologies", p.DesiredTechnologies, 0, 1), ("negativeTechnologies", p.NegativeTechnologies, 0, 1), ("weights", p.Weights, -10, 10),
        })
        {
            if (weights.Count > MaxEntries || weights.Keys.Any(k => string.IsNullOrWhiteSpace(k) || k.Length > MaxText))
            {
                return Invalid(field, $"{field} holds at most {MaxEntries} entries, each named by 1 to {MaxText} characters.");
            }

            if (weights.FirstOrDefault(w => !(w.Value >= low && w.Value <= high)) is { Key: { } wrong })
            {
                return Invalid(field, $"The weight of \"{wrong}\" in {field} is {weights[wrong]}; it lies between {low} and {high}.");
            }
        }

        if (p.Events.FirstOrDefault(e => e.Value is null || !(e.Value.Impact is >= -1 and <= 1 && e.Value.DecayPerDay is >= 0 and <= 10)) is { Key: { } eventKind })
        {
            return Invalid("events", $"The event \"{eventKind}\" needs an impact between -1 and 1 and a decay per day between 0 and 10.");
        }

        if (p.Behaviours.FirstOrDefault(b => b is null || string.IsNullOrWhiteSpace(b.Attribute) || !(b.Weight is >= 0 and <= 1) || !double.IsFinite(b.AtLeast) || b.WithinDays is < 1 or > 400) is not null || p.Behaviours.Count > MaxEntries)
        {
            return Invalid("behaviours", "A pattern of behaviour names an attribute, a number that is reached, a weight between 0 and 1, and perhaps a window of 1 to 400 days.");
        }

        var texts = p.NegativePersonas.Concat(p.Topics).Concat(p.Synergies.SelectMany(s => new[] { s?.One, s?.Other })).ToList();
        return texts.Count > 2 * MaxEntries || texts.Exists(t => string.IsNullOrWhiteSpace(t) || t.Length > MaxText) ? Invalid("topics", $"Personas, topics and technologies are texts of 1 to {MaxText} characters, at most {MaxEntries} of each.") : null;
    }

    private static Error Invalid(string field, string message) => new(ErrorKind.Invalid, "invalid-profile", message, field);
}
