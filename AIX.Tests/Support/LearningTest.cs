using System.Globalization;
using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Learning;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace AIX.Tests.Support;

/// <summary>A database with leads that were won and lost.</summary>
public abstract class LearningTest : DatabaseTest
{
    internal static readonly HashSet<string> None = [];

    internal async Task<int> TrainAsync(TenantId tenant)
    {
        var result = await Get<TrainModel>().ExecuteAsync(tenant, Actor.System, "manual", None, CancellationToken.None);
        result.IsOk.ShouldBeTrue(result.Error?.Message);
        return result.Value;
    }

    /// <summary>
    /// Leads come in, are scored, and later are won or lost: mostly by their tier. In the order of the file, so that every run has the same outcomes: in the order of their random
    /// ids, the tier explained half of the outcome in one run of 2,000, and the guard against leaks rightly left it out.
    /// </summary>
    internal async Task HistoryAsync(TenantId tenant, int count, string prefix = "first", double gold = 0.75, double bronze = 0.15)
    {
        var random = new Random(7);
        var csv = new StringBuilder("name,email,tier,visits\n");
        for (var i = 0; i < count; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"Lead {i},{prefix}{i}@history{i}.test,{(i % 2 == 0 ? "Gold" : "Bronze")},{random.Next(12)}\n");
        }

        await ImportAsync(tenant, Encoding.UTF8.GetBytes(csv.ToString()));
        await DrainAsync();
        using var scope = For(tenant);
        var record = scope.ServiceProvider.GetRequiredService<RecordOutcome>();
        foreach (var (id, tier) in await LeadsAsync(tenant, prefix))
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            var won = random.NextDouble() < (tier == "Gold" ? gold : bronze);
            (await record.ExecuteAsync(tenant, Actor.System, id, new OutcomeReport(won ? OutcomeResult.Won : OutcomeResult.Lost, null), CancellationToken.None)).IsOk.ShouldBeTrue();
        }
    }

    private async Task<List<(Guid Id, string Tier)>> LeadsAsync(TenantId tenant, string prefix)
    {
        await using var db = Sources.Context(tenant);
        await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.OpenConnectionAsync(db.Database);
        await using var command = Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.GetDbConnection(db.Database).CreateCommand();
        command.CommandText = $"SELECT l.id, l.attributes->>'tier' FROM aix.leads l JOIN aix.contact_points c ON c.lead_id = l.id WHERE c.kind = 0 AND c.value LIKE '{prefix}%' ORDER BY length(c.value), c.value";
        var leads = new List<(Guid, string)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            leads.Add((reader.GetGuid(0), reader.GetString(1)));
        }

        return leads;
    }

    internal async Task<LeadDetail> ScoreOfAsync(string email, string tier)
    {
        var id = (await SubmitAsync(Acme, new { email, tier, visits = 5 }))[0].LeadId!.Value;
        await DrainAsync();
        return await DetailAsync(Acme, id);
    }

    internal async Task PromoteAsync(int version)
    {
        (await Get<PromoteModel>().ExecuteAsync(Acme, Actor.System, version, CancellationToken.None)).IsOk.ShouldBeTrue();
        Time.Advance(TimeSpan.FromSeconds(6));
    }

    internal async Task<LeadDetail> DetailAsync(TenantId tenant, Guid id)
    {
        using var scope = For(tenant);
        return (await scope.ServiceProvider.GetRequiredService<ILeadDetailQueries>().GetAsync(id, CancellationToken.None))!;
    }
}
