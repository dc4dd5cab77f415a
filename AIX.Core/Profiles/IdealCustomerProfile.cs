namespace AIX.Core.Profiles;

/// <summary>What the tenant's best customers look like. Immutable; each change is a new version. Weights are in [0, 1].</summary>
public sealed record IdealCustomerProfile
{
    public required int Version { get; init; }

    /// <summary>Employees, [min, max] of equation (6).</summary>
    public double EmployeesMin { get; init; } = 50;

    public double EmployeesMax { get; init; } = 1000;

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
    };
}
