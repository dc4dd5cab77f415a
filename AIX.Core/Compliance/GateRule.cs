using System.Security.Cryptography;
using System.Text.Json;
using AIX.Core.Compliance.Rules;

namespace AIX.Core.Compliance;

/// <summary>One rule. It knows nothing but the case, so that the same answer comes tomorrow.</summary>
public interface IGateRule
{
    /// <summary>Stable; stored with decisions.</summary>
    string Id { get; }

    /// <returns>Null when the rule has nothing against it.</returns>
    Denial? Ask(CallCase question);
}

/// <summary>All rules, in the order in which a refusal is told. Every one is asked, so that a person sees every reason; a rule that breaks is a no.</summary>
public static class GateRules
{
    public static IReadOnlyList<IGateRule> All { get; } =
    [
        new AddressRule(), new SuppressionRule(), new ComplaintRule(), new ConsentRule(), new PreferenceRule(), new RouteRule(), new CallerIdRule(), new OwnershipRule(), new HolidayRule(), new WindowRule(),
        new DayCapRule(), new WeekCapRule(), new MonthCapRule(), new DuplicateRule(),
    ];

    public static GateDecision Decide(CallCase question) => Decide(question, All);

    internal static GateDecision Decide(CallCase question, IReadOnlyList<IGateRule> rules)
    {
        var denials = Denials(question, rules);
        return new GateDecision(denials.Count == 0, denials, question.Now, question.Pack.Version, HashOf(question));
    }

    /// <summary>Without the record, for simulations.</summary>
    internal static List<Denial> Denials(CallCase question, IReadOnlyList<IGateRule> rules)
    {
        var denials = new List<Denial>();
        foreach (var rule in rules)
        {
            try
            {
                if (rule.Ask(question) is { } denial)
                {
                    denials.Add(denial);
                }
            }
            catch (Exception ex)
            {
                denials.Add(new Denial("error", $"The rule “{rule.Id}” could not be evaluated ({ex.GetType().Name}); without it nobody is called."));
            }
        }

        return denials;
    }

    private static string HashOf(CallCase question) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { question.Intent, question.Facts, question.Now, question.Pack.Version }, RulePack.Json)));
}
