using AIX.Core.Leads.Intake;

namespace AIX.Core.Leads;

/// <summary>What hosts and numbers tell, for other rooms.</summary>
public static class LeadHosts
{
    public static bool IsFreeMail(string host) => CompanyHost.IsFreeMail(host);

    /// <summary>Host of a website given as URL or bare domain, without <c>www.</c>; null when it is none.</summary>
    public static string? OfWebsite(string? website) => CompanyHost.OfWebsite(website);

    /// <summary>ISO country whose numbering plan an E.164 number belongs to; null when several share it.</summary>
    public static string? RegionOfPhone(string e164) => PhonePlans.RegionOf(e164.AsSpan(1));
}
