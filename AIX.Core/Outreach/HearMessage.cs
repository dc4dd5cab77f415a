using System.Text.RegularExpressions;
using AIX.Core.Calls;
using AIX.Core.Compliance;

namespace AIX.Core.Outreach;

/// <summary>
/// Takes what people answer to a message. "Stop" ends everything, on every channel, for each tenant of the route that has written to the number or called it: a number that several tenants share does not say whom the answer is
/// meant for. Other answers are not AIX's to keep.
/// </summary>
public sealed partial class HearMessage(IOutreachStore store, ManageCompliance compliance)
{
    private const int MaxWords = 1_600;

    /// <param name="from">Address of the answer, E.164.</param>
    /// <param name="optOutType">What the provider made of it: <c>STOP</c>, <c>START</c>, <c>HELP</c>, or nothing.</param>
    /// <returns>How many tenants leave the number alone from now on.</returns>
    public async Task<int> ExecuteAsync(CallRoute route, string from, string body, string? optOutType, CancellationToken ct)
    {
        if (TakeComplianceFile.AddressOf(from) is not { } address || !IsStop(body, optOutType))
        {
            return 0;
        }

        var tenants = (await store.ReachedAsync(address, route.Name, ct)).Where(t => route.Owners.Count == 0 || route.Owners.Contains(t.ToString())).ToList();
        foreach (var tenant in tenants)
        {
            await compliance.OptOutAsync(tenant, address, "sms", ct);
        }

        return tenants.Count;
    }

    /// <summary>Wider than the provider's list: a stop that is not meant costs a lead, one that is not heard a complaint.</summary>
    public static bool IsStop(string body, string? optOutType) => string.Equals(optOutType, "STOP", StringComparison.OrdinalIgnoreCase) || (body.Length <= MaxWords && Stop().IsMatch(body));

    [GeneratedRegex(@"^\W*(stop|stopall|unsubscribe|quit|revoke|opt ?-?out|no more|do not (call|text|message)|don.?t (call|text|message)|(band|bandh) kar|mat (karo|karna|bhej)|रोक|बंद|मत (कर|भेज)|नहीं चाहिए)|^\W*(cancel|end|nahi chahiye)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Stop();
}
