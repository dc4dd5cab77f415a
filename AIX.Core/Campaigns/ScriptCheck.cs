using System.Text.RegularExpressions;
using AIX.Core.Compliance;
using AIX.Core.Conversations;

namespace AIX.Core.Campaigns;

/// <summary>What the law and the tenant's trade ask of a script beside <see cref="FlowCheck"/>: a way out for promotion, and no claim that may not be made.</summary>
public static partial class ScriptCheck
{
    private static readonly (string Industry, Regex Claim, string Why)[] Forbidden =
    [
        ("", Superlatives(), "promises what nobody can promise"),
        ("finance", Returns(), "promises returns, which a financial offer may not"),
        ("insurance", Returns(), "promises returns, which an insurer may not"),
        ("health", Cures(), "promises a cure, which the Drugs and Magic Remedies Act forbids"),
        ("education", Places(), "promises a job or a place, which may not be advertised"),
        ("real estate", Returns(), "promises returns, which RERA forbids"),
    ];

    public static IReadOnlyList<string> Industries { get; } = [.. Forbidden.Select(f => f.Industry).Where(i => i.Length > 0).Distinct()];

    public static IReadOnlyList<FlowProblem> Check(DialogueFlow flow, MessageClass type, string industry)
    {
        var problems = new List<FlowProblem>(FlowCheck.Check(flow));
        foreach (var language in flow.Languages)
        {
            if (type == MessageClass.Promotional && !flow.Opening.Values.Concat(flow.Nodes.Values.SelectMany(n => n.Text.Values)).Any(t => OptOutOf(language).IsMatch(t)))
            {
                problems.Add(new FlowProblem("opt-out", null, $"A promotional script has to offer a way out in “{language}”: for instance “{(language == "hi" ? "आगे कॉल न चाहें तो नौ दबाएँ" : "press 9 if you want no more calls")}”."));
            }
        }

        foreach (var (key, text) in flow.Opening.Values.Select(t => ((string?)null, t)).Concat(flow.Nodes.SelectMany(n => n.Value.Text.Values.Select(t => ((string?)n.Key, t)))))
        {
            foreach (var (of, claim, why) in Forbidden)
            {
                if ((of.Length == 0 || of.Equals(industry, StringComparison.OrdinalIgnoreCase)) && claim.Match(text) is { Success: true } found)
                {
                    problems.Add(new FlowProblem("claim", key, $"“{found.Value}” {why}."));
                }
            }
        }

        return problems;
    }

    private static Regex OptOutOf(string language) => language == "hi" ? OptOutHindi() : OptOutEnglish();

    [GeneratedRegex(@"press (9|nine)|stop calling|no more calls|not (want|wish) (any )?(more|further) calls|opt out", RegexOptions.IgnoreCase)]
    private static partial Regex OptOutEnglish();

    [GeneratedRegex("नौ दबा|9 दबा|आगे कॉल न|दोबारा कॉल न|कॉल बंद")]
    private static partial Regex OptOutHindi();

    [GeneratedRegex(@"\b(100 ?% (guarantee|free|safe)|guarantee[ds]?|risk[- ]free|no risk|best in the world|number one in india)\b|गारंटी|सौ प्रतिशत|कोई जोखिम नहीं|बिना जोखिम", RegexOptions.IgnoreCase)]
    private static partial Regex Superlatives();

    [GeneratedRegex(@"\b(assured|fixed|double|\d+ ?%) (return|profit|income)s?\b|double your money|निश्चित (लाभ|रिटर्न|मुनाफ)|पैसा दोगुना", RegexOptions.IgnoreCase)]
    private static partial Regex Returns();

    [GeneratedRegex(@"\b(cures?|heals?) (diabetes|cancer|asthma|every|all)|permanent cure|जड़ से (खत्म|समाप्त)|पक्का इलाज", RegexOptions.IgnoreCase)]
    private static partial Regex Cures();

    [GeneratedRegex(@"\b(assured|sure) (job|placement|admission|rank)\b|पक्की नौकरी|पक्का दाखिला", RegexOptions.IgnoreCase)]
    private static partial Regex Places();
}
