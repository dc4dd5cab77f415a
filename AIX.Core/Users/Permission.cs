namespace AIX.Core.Users;

/// <summary>Named permissions; roles and API keys are sets of them.</summary>
public static class Permission
{
    public const string LeadsRead = "leads.read";
    public const string LeadsWrite = "leads.write";
    public const string ImportsRun = "imports.run";
    public const string OutcomesWrite = "outcomes.write";
    public const string PipelineRead = "pipeline.read";
    public const string PipelineRetry = "pipeline.retry";
    public const string ModelsRead = "models.read";
    public const string ModelsManage = "models.manage";
    public const string ReviewWork = "review.work";
    public const string ReviewManage = "review.manage";
    public const string CallsPlace = "calls.place";
    public const string CallsManage = "calls.manage";
    /// <summary>Reads campaigns and their figures.</summary>
    public const string CampaignsRead = "campaigns.read";

    /// <summary>Builds, launches, pauses and stops campaigns.</summary>
    public const string CampaignsRun = "campaigns.run";
    public const string ComplianceManage = "compliance.manage";
    public const string AuditRead = "audit.read";
    public const string RoutingManage = "routing.manage";
    public const string SettingsWrite = "settings.write";
    public const string KeysManage = "keys.manage";

    public static readonly IReadOnlyList<string> All =
        [LeadsRead, LeadsWrite, ImportsRun, OutcomesWrite, PipelineRead, PipelineRetry, ModelsRead, ModelsManage, ReviewWork, ReviewManage, CallsPlace, CallsManage, CampaignsRead, CampaignsRun, ComplianceManage, AuditRead, RoutingManage, SettingsWrite, KeysManage];
}

public enum Role
{
    Agent,
    Manager,
    Admin,
}

public static class Roles
{
    private static readonly string[] Agent = [Permission.LeadsRead, Permission.LeadsWrite, Permission.OutcomesWrite, Permission.PipelineRead, Permission.ReviewWork, Permission.CallsPlace];
    private static readonly string[] Manager = [.. Agent, Permission.ImportsRun, Permission.PipelineRetry, Permission.ModelsRead, Permission.ModelsManage, Permission.ReviewManage, Permission.CallsManage, Permission.CampaignsRead, Permission.ComplianceManage, Permission.RoutingManage];

    public static IReadOnlyList<string> PermissionsOf(Role role) => role switch
    {
        Role.Agent => Agent,
        Role.Manager => Manager,
        Role.Admin => Permission.All,
        _ => [],
    };
}
