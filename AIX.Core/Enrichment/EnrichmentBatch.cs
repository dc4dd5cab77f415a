using System.Collections.Concurrent;
using AIX.Core.Tenancy;

namespace AIX.Core.Enrichment;

/// <summary>What is known and planned while a batch of companies is enriched.</summary>
internal sealed class EnrichmentBatch(TenantId tenant, IReadOnlyList<EnabledSource> sources, DateOnly day, decimal budget)
{
    private readonly ConcurrentDictionary<(Guid Company, string Source), PlanStep> _steps = new();

    public TenantId Tenant => tenant;

    public IReadOnlyList<EnabledSource> Sources => sources;

    public DateOnly Day => day;

    public decimal Budget => budget;

    public Dictionary<Guid, CompanyToEnrich> Companies { get; } = [];

    /// <summary>Facts that were new.</summary>
    public List<(Guid Company, string Attribute)> News { get; } = [];

    /// <summary>Questions that this batch asks for all batches of the node.</summary>
    public ConcurrentBag<KeyValuePair<(string Scope, string Key), Task<SourceAnswer>>> UnderWay { get; } = [];

    public bool HasPriced => sources.Any(s => s.Price > 0);

    public void Add(IEnumerable<CompanyToEnrich> companies)
    {
        foreach (var company in companies)
        {
            Companies[company.Id] = company;
        }
    }

    public SourceQuestion QuestionOf(CompanyToEnrich company, EnabledSource source) => new(tenant, company.Id, company.Name, company.Domain, company.Cin, source.Secret);

    public EnabledSource Named(string source) => sources.First(s => s.Source.Description.Name == source);

    public string ScopeOf(EnabledSource source) => source.Source.Description.NeedsKey ? $"{source.Source.Description.Name}/{tenant.Value}" : source.Source.Description.Name;

    public void Step(SourceOption option, StepOutcome outcome, decimal cost = 0, int facts = 0, string? note = null) =>
        _steps[(option.CompanyId, option.Source)] = new PlanStep(option.Source, outcome, option.Gain, cost, facts, note);

    /// <summary>Marks what kept answers say, and returns the values.</summary>
    public List<(SourceDescription Source, Guid Company, SourcedValue Value)> TakeKept(IReadOnlyDictionary<(string Source, string Key), IReadOnlyList<SourcedValue>> kept)
    {
        var values = new List<(SourceDescription, Guid, SourcedValue)>();
        foreach (var company in Companies.Values)
        {
            foreach (var source in sources)
            {
                if (kept.TryGetValue((source.Source.Description.Name, QuestionOf(company, source).Key), out var answer))
                {
                    _steps[(company.Id, source.Source.Description.Name)] = new PlanStep(source.Source.Description.Name, StepOutcome.Cached, 0, 0, answer.Count, null);
                    values.AddRange(answer.Select(v => (source.Source.Description, company.Id, v)));
                }
            }
        }

        return values;
    }

    /// <summary>Questions that nobody has asked yet.</summary>
    /// <param name="undecided">Null for free sources, which are asked whatever the leads' scores.</param>
    public IEnumerable<SourceOption> Open(bool isFree, DateTimeOffset now, Undecided? undecided)
    {
        foreach (var company in Companies.Values)
        {
            foreach (var source in sources.Where(s => s.Price == 0 == isFree && !IsDone(company.Id, s)))
            {
                var option = new SourceOption(company.Id, source.Source.Description.Name, Gain(company, source, now, undecided), source.Price);
                if (!source.Source.CanAsk(QuestionOf(company, source)))
                {
                    Step(option, StepOutcome.CannotAsk);
                }
                else if (isFree || option.Gain >= SourcePlanner.MinGain)
                {
                    yield return option;
                }
                else
                {
                    Step(option, StepOutcome.Decided);
                }
            }
        }
    }

    /// <summary>A source that was left because nothing hung on it may be asked once something does.</summary>
    private bool IsDone(Guid company, EnabledSource source) => _steps.TryGetValue((company, source.Source.Description.Name), out var step) && step.Outcome != StepOutcome.Decided;

    public Guid[] LeadsWithOpenPriced() => [.. Companies.Values.Where(c => sources.Any(s => s.Price > 0 && !IsDone(c.Id, s))).SelectMany(c => c.Leads)];

    public IReadOnlyDictionary<Guid, IReadOnlyList<PlanStep>> Plans() =>
        _steps.GroupBy(s => s.Key.Company).ToDictionary(g => g.Key, g => (IReadOnlyList<PlanStep>)[.. g.Select(s => s.Value).OrderByDescending(s => s.Outcome == StepOutcome.Found).ThenBy(s => s.Source, StringComparer.Ordinal)]);

    /// <summary>(84): Σ leads' indecision × Σ attributes' weight × what is not known of them × the chance that the source knows.</summary>
    private static double Gain(CompanyToEnrich company, EnabledSource source, DateTimeOffset now, Undecided? undecided)
    {
        var description = source.Source.Description;
        var stake = undecided is null ? 1 : company.Leads.Sum(l => undecided.Leads.GetValueOrDefault(l));
        return stake * description.HitRate * description.Attributes.Sum(a => (undecided?.WeightOf(a) ?? Undecided.OtherWeight) * Unknown(company, a, now));
    }

    /// <summary>1 for an attribute that nobody spoke of lately, else the chance that who spoke was wrong.</summary>
    private static double Unknown(CompanyToEnrich company, string attribute, DateTimeOffset now) =>
        company.Known.Where(k => k.Attribute == attribute && now - k.ObservedAt < Fusion.TimeToLive(attribute)).Select(k => 1 - k.Reliability).DefaultIfEmpty(1).Min();
}
