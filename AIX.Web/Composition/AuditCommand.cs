using AIX.Core.Auditing;
using AIX.Core.Tenancy;

namespace AIX.Web.Composition;

/// <summary><c>./aix verify-audit</c>: reads every organisation's audit chain and says whether it holds.</summary>
internal static class AuditCommand
{
    public const string Name = "verify-audit";

    /// <returns>0 when all chains hold, else 2.</returns>
    public static async Task<int> RunAsync(IServiceProvider services)
    {
        var (log, broken) = (services.GetRequiredService<IAuditLog>(), 0);
        foreach (var tenant in await services.GetRequiredService<AIX.Core.Pipeline.ITendingStore>().TenantsAsync(CancellationToken.None))
        {
            var verdict = await log.VerifyAsync(tenant, CancellationToken.None);
            broken += verdict.BrokenAt is null ? 0 : 1;
            Console.WriteLine($"{tenant}: {(verdict.BrokenAt is { } at ? $"broken at line {at} of {verdict.BrokenLine:u}" : $"{verdict.Lines} lines hold")}");
        }

        return broken == 0 ? 0 : 2;
    }
}
