using System.Text.Json;
using System.Text.Json.Serialization;
using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Routing;

/// <summary>What a set of rules would do to the leads as they stand.</summary>
/// <param name="Leads">Scored leads looked at.</param>
/// <param name="Changing">Of them, those that would get another owner, another place or a date to be looked at again.</param>
/// <param name="ByRule">Rule's position → leads that meet it.</param>
public sealed record RulesPreview(int Leads, int Changing, IReadOnlyList<int> ByRule, int Unmatched);

/// <summary>Checks, tries and stores the tenant's routing rules.</summary>
public sealed class ManageRules(IRoutingStore store, ITenantStore tenants, IUnitOfWorkFactory works, IAuditLog audit)
{
    public const int MaxRules = 100;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public async Task<Result<bool>> SaveAsync(TenantId tenant, Actor actor, IReadOnlyList<ReadRule> rules, CancellationToken ct)
    {
        if (Check(rules) is { } error)
        {
            return error;
        }

        await using var work = await works.BeginAsync(tenant, ct);
        await store.SaveAsync(work, rules, ct);
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "rules.changed", new { rules = rules.Count }, ct);
        return true;
    }

    /// <summary>Tries the rules on every scored lead, without storing anything.</summary>
    public async Task<Result<RulesPreview>> PreviewAsync(TenantId tenant, IReadOnlyList<ReadRule> rules, CancellationToken ct)
    {
        if (Check(rules) is { } error)
        {
            return error;
        }

        var settings = (await tenants.GetAsync(tenant, ct)).Settings;
        var current = await store.RulesAsync(tenant, ct);
        var byRule = new int[rules.Count];
        var positions = rules.Select((r, i) => (r.Rule.Id, i)).ToDictionary(r => r.Id, r => r.i);
        var (all, changing, matched) = (0, 0, 0);
        await foreach (var chunk in store.LeadsAsync(tenant, ct))
        {
            var routed = RouteLeads.Execute(chunk, settings);
            var now = ApplyRules.Match(chunk, routed, current).ToDictionary(m => m.Lead.LeadId, m => m.Rule);
            all += chunk.Count;
            foreach (var (lead, route, rule) in ApplyRules.Match(chunk, routed, rules))
            {
                byRule[positions[rule.Rule.Id]]++;
                matched++;
                changing += Changes(lead, route, rule, now.GetValueOrDefault(lead.LeadId)) ? 1 : 0;
            }
        }

        return new RulesPreview(all, changing, byRule, all - matched);
    }

    public static Error? Check(IReadOnlyList<ReadRule> rules)
    {
        if (rules.Count > MaxRules)
        {
            return Invalid($"There are {rules.Count} rules; at most {MaxRules} are possible.");
        }

        for (var i = 0; i < rules.Count; i++)
        {
            var (name, rule) = (rules[i].Rule.Name, rules[i].Document);
            var error = name switch
            {
                _ when string.IsNullOrWhiteSpace(name) || name.Length > 80 => "needs a name of 1 to 80 characters",
                _ when rule.Conditions.Count > 20 => "has more than 20 conditions",
                _ when rule.Conditions.FirstOrDefault(c => c.Field.Length is 0 or > 120) is not null => "has a condition without a field",
                _ when rule.Conditions.FirstOrDefault(c => c.Operator is not (RuleOperator.IsKnown or RuleOperator.IsUnknown) && (string.IsNullOrWhiteSpace(c.Value) || c.Value.Length > 500)) is { } empty => $"compares {empty.Field} with nothing; give a value of 1 to 500 characters",
                _ when rule.Conditions.FirstOrDefault(c => c.Operator is RuleOperator.AtLeast or RuleOperator.AtMost && RuleMatch.Number(c.Value) is null) is { } text => $"compares {text.Field} with “{text.Value}”, which is not a number",
                _ when rule.Conditions.FirstOrDefault(c => c.Field == "band" && c.Operator is RuleOperator.Is or RuleOperator.IsNot && !Enum.TryParse<Band>(c.Value, true, out _)) is { Field: "band" } band => $"asks for the band “{band.Value}”; use hot, warm or cold",
                _ when rule.Assign == AssignTo.Named && rule.Users.Count != 1 => "names nobody to assign to",
                _ when rule.Assign == AssignTo.Territory && rule.Territories.Count == 0 => "assigns by territory and names none",
                _ when rule.ReevaluateDays is < 1 or > 3650 => $"looks at leads again after {rule.ReevaluateDays} days; use 1 to 3,650",
                _ when rule is { Assign: AssignTo.Nobody, Then: RuleThen.ByBand, ReevaluateDays: null } => "does nothing; choose whom to assign to, where leads go, or when to look again",
                _ => null,
            };
            if (error is not null)
            {
                return Invalid($"Rule {i + 1} “{name}” {error}.");
            }
        }

        return null;
    }

    private static bool Changes(LeadToRoute lead, RoutedLead routed, ReadRule rule, ReadRule? before)
    {
        var assigns = rule.Document.Assign != AssignTo.Nobody && lead.OwnerId is null;
        var target = new RuledLead(lead.LeadId, rule.Rule.Id, null, rule.Document.Then, null).TargetOf(routed.Band);
        var was = before is null ? LeadLifeCycle.Of(routed.Band) : new RuledLead(lead.LeadId, before.Rule.Id, null, before.Document.Then, null).TargetOf(routed.Band);
        return assigns || target != was || rule.Document.ReevaluateDays != before?.Document.ReevaluateDays;
    }

    private static Error Invalid(string message) => new(ErrorKind.Invalid, "invalid-rules", message, "rules");
}
