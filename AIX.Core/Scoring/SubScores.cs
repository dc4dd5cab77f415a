namespace AIX.Core.Scoring;

/// <summary>Groups of the scoring note: firmographic (5)–(8), technographic (9)–(10), chronographic (11)–(13), demographic, behavioural; the fit as a whole (71), (44); and what the tenant's own attributes say.</summary>
public static class SubScores
{
    public const string Firmographic = "firmographic";
    public const string Technographic = "technographic";
    public const string Chronographic = "chronographic";
    public const string Demographic = "demographic";
    public const string Behavioural = "behavioural";
    public const string Contact = "contact";
    public const string Fit = "fit";
    public const string Attributes = "attributes";
    public const string Model = "model";

    private static readonly string[] BehaviourWords = ["visit", "view", "time spent", "session", "open", "click", "download", "activity", "form"];

    public static string GroupOf(string feature) => feature switch
    {
        "companySize" or "revenue" or "industry" or "territory" or "lead.country" or "lead.city" or "fact.countryCode" => Firmographic,
        "technologies" => Technographic,
        ProfileDistance.Distance or ProfileDistance.Divergence or ScoreLeads.LikeWon => Fit,
        "seniority" or "function" or "lead.title" or "fact.seniorityLevel" or "fact.jobFunction" => Demographic,
        "engagement" => Behavioural,
        "events" or "relevance" => Chronographic,
        "reachability" or "lead.phoneLine" or "fact.emailKind" => Contact,
        Ledger.Calibration or Ledger.Remainder => Model,
        _ when Array.Exists(BehaviourWords, w => feature.Contains(w, StringComparison.OrdinalIgnoreCase)) => Behavioural,
        _ => Attributes,
    };
}
