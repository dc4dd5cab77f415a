namespace AIX.Core.Profiles;

/// <summary>What the tenant's best customers look like. Immutable; each change is a new version. Weights are in [0, 1].</summary>
public sealed record IdealCustomerProfile
{
    public required int Version { get; init; }

    /// <summary>Employees, [min, max] of equation (6).</summary>
    public double EmployeesMin { get; init; } = 50;

    public double EmployeesMax { get; init; } = 1000;

    /// <summary>Yearly revenue, in the currency of the leads; null leaves revenue out.</summary>
    public double? RevenueMin { get; init; }

    public double? RevenueMax { get; init; }

    /// <summary>Beginning of a NAICS or SIC code → weight; the longest that fits counts.</summary>
    public IReadOnlyDictionary<string, double> IndustryCodes { get; init; } = new Dictionary<string, double>();

    /// <summary>Industry → weight; the vector I_ind of equation (7).</summary>
    public IReadOnlyDictionary<string, double> Industries { get; init; } = new Dictionary<string, double>
    {
        ["software"] = 1,
        ["technology"] = 1,
        ["manufacturing"] = 0.9,
        ["financial services"] = 0.8,
        ["healthcare"] = 0.7,
        ["education"] = 0.6,
        ["logistics"] = 0.7,
        ["retail"] = 0.5,
    };

    /// <summary>Country or region → weight.</summary>
    public IReadOnlyDictionary<string, double> Territories { get; init; } = new Dictionary<string, double>
    {
        ["india"] = 1,
        ["in"] = 1,
        ["united arab emirates"] = 0.6,
        ["ae"] = 0.6,
        ["singapore"] = 0.6,
        ["sg"] = 0.6,
        ["united states"] = 0.5,
        ["us"] = 0.5,
        ["united kingdom"] = 0.5,
        ["gb"] = 0.5,
    };

    /// <summary>Word in a title → weight of the seniority that it shows.</summary>
    public IReadOnlyDictionary<string, double> Seniorities { get; init; } = new Dictionary<string, double>
    {
        ["founder"] = 1,
        ["owner"] = 1,
        ["ceo"] = 1,
        ["chief"] = 1,
        ["cto"] = 1,
        ["cfo"] = 1,
        ["coo"] = 1,
        ["president"] = 0.95,
        ["partner"] = 0.85,
        ["director"] = 0.85,
        ["vp"] = 0.9,
        ["vice president"] = 0.9,
        ["head"] = 0.8,
        ["general manager"] = 0.75,
        ["manager"] = 0.55,
        ["lead"] = 0.45,
        ["executive"] = 0.25,
        ["engineer"] = 0.25,
        ["analyst"] = 0.2,
        ["intern"] = 0.02,
        ["student"] = 0.02,
    };

    /// <summary>Word in a title → weight of the function that it shows.</summary>
    public IReadOnlyDictionary<string, double> Functions { get; init; } = new Dictionary<string, double>();

    /// <summary>Words in a title of people who do not buy: their seniority counts 0.</summary>
    public IReadOnlyList<string> NegativePersonas { get; init; } = [];

    /// <summary>Trigger events, (11)–(13), with a decay of their own (37).</summary>
    public IReadOnlyDictionary<string, EventImpact> Events { get; init; } = new Dictionary<string, EventImpact>
    {
        ["funding"] = new(0.8, 0.01),
        ["expansion"] = new(0.6, 0.01),
        ["acquisition"] = new(0.5, 0.01),
        ["leadership"] = new(0.5, 0.02),
        ["hiring"] = new(0.4, 0.02),
        ["product"] = new(0.3, 0.02),
        ["partnership"] = new(0.2, 0.02),
        ["legal"] = new(-0.4, 0.01),
        ["layoffs"] = new(-0.6, 0.01),
        ["insolvency"] = new(-1, 0.002),
    };

    /// <summary>Patterns of behaviour; where a lead has one of their attributes they take the place of the general measure of activity.</summary>
    public IReadOnlyList<BehaviourRule> Behaviours { get; init; } = [];

    /// <summary>Phrases that texts about a good customer come near to, (23).</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Pairs of technologies that go together: the edges of the graph of (36).</summary>
    public IReadOnlyList<TechnologyPair> Synergies { get; init; } = [];

    /// <summary>T_I,req and T_I,des of equation (10), with weights.</summary>
    public IReadOnlyDictionary<string, double> RequiredTechnologies { get; init; } = new Dictionary<string, double>();

    public IReadOnlyDictionary<string, double> DesiredTechnologies { get; init; } = new Dictionary<string, double> { ["salesforce"] = 0.6, ["hubspot"] = 0.6, ["aws"] = 0.4, ["tally"] = 0.5, ["zoho"] = 0.5, ["sap"] = 0.5 };

    /// <summary>T_I,neg of equation (10): technologies that speak against.</summary>
    public IReadOnlyDictionary<string, double> NegativeTechnologies { get; init; } = new Dictionary<string, double>();

    /// <summary>Share of leads that convert before anything is known of them, in (0, 1).</summary>
    public double BaseRate { get; init; } = 0.2;

    /// <summary>Sub-score → weight in log-odds: how much a lead that fits perfectly gains over one that does not fit at all.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>
    {
        ["companySize"] = 2.2,
        ["industry"] = 1.8,
        ["territory"] = 0.8,
        ["seniority"] = 2.0,
        ["technologies"] = 1.2,
        ["engagement"] = 2.6,
        ["reachability"] = 1.0,
        ["events"] = 0.8,
        ["function"] = 0.8,
        ["revenue"] = 0.8,
        ["relevance"] = 0.8,
    };
}

/// <param name="Impact">I_e of (11), −1 to 1; below 0 speaks against.</param>
/// <param name="DecayPerDay">λ_e of (11) and (37), 0 or more; 0.01 halves in 69 days.</param>
public sealed record EventImpact(double Impact, double DecayPerDay);

/// <summary>"Visited the pricing page at least 3 times in 30 days".</summary>
/// <param name="Attribute">With a window, the kind of an engagement event, perhaps with the beginning of its detail: <c>visit:/pricing</c>. Without, a numeric attribute.</param>
/// <param name="Weight">0 to 1.</param>
/// <param name="WithinDays">Window in days, 1 to 400; null for a numeric attribute.</param>
public sealed record BehaviourRule(string Attribute, double AtLeast, double Weight, int? WithinDays = null);

public sealed record TechnologyPair(string One, string Other);
