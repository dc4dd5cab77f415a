using System.Text.Json;
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
        }
    }

    public static Task RemoveKeysAsync(IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<TenantProvisioner>().RemoveApiKeysAsync(Keys, ct);

    private static string EmailOf(Role role, string slug) => $"{role.ToString().ToLowerInvariant()}@{slug}.example.com";

    private static async Task AddLeadsAsync(IServiceProvider services, TenantId tenant, string slug, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentTenant>().Set(tenant);
        var body = JsonSerializer.SerializeToElement(DemoLeads.Make(60, slug == "acme" ? 11 : 23));
        await scope.ServiceProvider.GetRequiredService<SubmitLeads>().ExecuteAsync(tenant, SourceKind.Api, ISampleLeads.Source, body, ct);
    }
}
