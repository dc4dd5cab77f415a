using System.Globalization;
using System.Text;
using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Calls;
using AIX.Core.Compliance;
using AIX.Core.Leads;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace AIX.Infrastructure.Demo;

/// <summary>A demo account, as the login page shows it in Development.</summary>
public sealed record DemoAccount(string Tenant, string Role, string Email, string Password);

/// <summary>Two invented companies with invented users, leads and fixed API keys. Development only: everywhere else the keys are removed.</summary>
public static class DemoData
{
    public const string Password = "Demo-2026!";

    private const int LeadCount = 60;

    private static readonly string[] Purposes = ["service", "promotional"];
    private static readonly string[] Channels = ["voice", "sms"];

    private static readonly (string Slug, string Name)[] Tenants = [("acme", "Acme Payroll"), ("globex", "Globex Solar")];

    public static IReadOnlyList<string> Keys => ["demo-acme-key", "demo-globex-key"];

    public static IReadOnlyList<DemoAccount> Accounts { get; } =
        [.. Tenants.SelectMany(t => Enum.GetValues<Role>().Reverse().Select(r => new DemoAccount(t.Name, r.ToString(), EmailOf(r, t.Slug), Password)))];

    /// <summary>Adds what is missing; safe to call at every start.</summary>
    public static async Task SeedAsync(IServiceProvider services, CancellationToken ct)
    {
        var provisioner = services.GetRequiredService<TenantProvisioner>();
        foreach (var (slug, name) in Tenants)
        {
            if (await provisioner.FindAsync(slug, ct) is not null)
            {
                continue;
            }

            var tenant = await provisioner.CreateAsync(name, slug, $"demo-{slug}-form", ct);
            foreach (var role in Enum.GetValues<Role>())
            {
                await provisioner.AddUserAsync(tenant, EmailOf(role, slug), $"Demo {role}", role, Password, ct);
            }

            await provisioner.AddApiKeyAsync(tenant, "demo key", $"demo-{slug}-key", Permission.All, null, ct);
            await AddLeadsAsync(services, tenant, slug, ct);
            await AddAnswersAsync(services.GetRequiredService<ManageCalls>(), tenant, name, ct);
            await AddConsentsAsync(services, tenant, slug, ct);
        }

        // A scrub is good for a day: the demo's is made anew at every start.
        foreach (var (slug, _) in Tenants)
        {
            await AddScrubAsync(services, (await provisioner.FindAsync(slug, ct))!.Value, slug, ct);
        }
    }

    /// <summary>Most of the invented people agreed to be called; some did not, and one wants no more calls.</summary>
    private static async Task AddConsentsAsync(IServiceProvider services, TenantId tenant, string slug, CancellationToken ct)
    {
        var files = services.GetRequiredService<TakeComplianceFile>();
        var day = services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(-2).ToString("O", CultureInfo.InvariantCulture);
        var numbers = NumbersOf(slug).ToList();
        var consents = numbers.Where((_, i) => i % 12 != 5).SelectMany(n => Purposes.SelectMany(p => Channels.Select(c => $"{n},{c},{p},explicit,given,{day},invented form of the demo")));
        await files.ExecuteAsync(tenant, Actor.System, "consent", "demo-consents.csv", Encoding.UTF8.GetBytes("address,channel,purpose,basis,action,date,evidence\n" + string.Join('\n', consents)), null, ct);
        await files.ExecuteAsync(tenant, Actor.System, "suppression", "demo-suppressions.csv", Encoding.UTF8.GetBytes($"address,reason\n{numbers[17]},optOut\n"), null, ct);
    }

    private static async Task AddScrubAsync(IServiceProvider services, TenantId tenant, string slug, CancellationToken ct)
    {
        var rows = NumbersOf(slug).Select((n, i) => $"{n},{(i % 9 == 4 ? "blocked" : "allowed")}");
        await services.GetRequiredService<TakeComplianceFile>().ExecuteAsync(tenant, Actor.System, "scrub", "demo-scrub.csv", Encoding.UTF8.GetBytes("number,result\n" + string.Join('\n', rows)), services.GetRequiredService<TimeProvider>().GetUtcNow(), ct);
    }

    private static IEnumerable<string> NumbersOf(string slug) => DemoLeads.Make(LeadCount, SeedOf(slug)).Select(l => ((string)l["phone"]!).Replace(" ", "", StringComparison.Ordinal));

    private static int SeedOf(string slug) => slug == "acme" ? 11 : 23;

    public static Task RemoveKeysAsync(IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<TenantProvisioner>().RemoveApiKeysAsync(Keys, ct);

    private static string EmailOf(Role role, string slug) => $"{role.ToString().ToLowerInvariant()}@{slug}.example.com";

    /// <summary>Invented answers, so that the assistant of the demo knows something.</summary>
    private static async Task AddAnswersAsync(ManageCalls calls, TenantId tenant, string name, CancellationToken ct)
    {
        foreach (var (language, title, answer, keys) in new[]
        {
            ("en", "What does it cost?", $"{name} costs nine hundred rupees per user and month; the first month is free.", "price cost charge rate fee expensive discount plan"),
            ("hi", "कीमत क्या है?", $"{name} का शुल्क प्रति व्यक्ति प्रति माह नौ सौ रुपये है; पहला महीना मुफ्त है।", "कीमत दाम शुल्क रेट खर्च महँगा छूट कितने kitne kimat price rate mehenga"),
            ("en", "How does it work?", $"{name} reads your enquiries and tells your team which of them to call first, and why.", "works product service features benefit what does do"),
            ("hi", "यह कैसे काम करता है?", $"{name} आपकी पूछताछ पढ़ता है और बताता है कि किसे पहले कॉल करें, और क्यों।", "काम उत्पाद सेवा फायदा कैसे क्या करता kaise kaam product service fayda"),
        })
        {
            await calls.SaveArticleAsync(tenant, Actor.System, null, language, title, answer, keys, ct);
        }
    }

    private static async Task AddLeadsAsync(IServiceProvider services, TenantId tenant, string slug, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentTenant>().Set(tenant);
        var body = JsonSerializer.SerializeToElement(DemoLeads.Make(LeadCount, SeedOf(slug)));
        await scope.ServiceProvider.GetRequiredService<SubmitLeads>().ExecuteAsync(tenant, SourceKind.Api, ISampleLeads.Source, body, ct);
    }
}
