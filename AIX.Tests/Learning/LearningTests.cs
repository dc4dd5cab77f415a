using System.Globalization;
using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Learning;
using AIX.Core.Leads;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Learning;

/// <summary>Outcomes become a model, and the model scores: on a real database, through the product's own use cases.</summary>
public class LearningTests : DatabaseTest
{
    private static readonly HashSet<string> None = [];

    [Fact]
    public async Task Train_PromoteScoreExplainRollBack_TheWholeWay()
    {
        await HistoryAsync(Acme, 400);

        var version = await TrainAsync(Acme);
        var before = await ScoreOfAsync("early@fresh.test", "Gold");
        (await Get<PromoteModel>().ExecuteAsync(Acme, Actor.System, version, CancellationToken.None)).IsOk.ShouldBeTrue();
        (await Get<IModelRegistry>().ListAsync(Acme, CancellationToken.None))[0].Aliases.ShouldBe([ModelAlias.Champion]);
        Time.Advance(TimeSpan.FromSeconds(6));
        var good = await ScoreOfAsync("good@fresh.test", "Gold");
        var bad = await ScoreOfAsync("bad@fresh.test", "Bronze");

        before.Lead.ModelVersion.ShouldBe(ProfileModel.ModelVersion);
        good.Lead.ModelVersion.ShouldBe(version);
        good.Lead.Score!.Value.ShouldBeGreaterThan(bad.Lead.Score!.Value + 0.2);
        foreach (var lead in new[] { good, bad })
        {
            ProfileModel.Sigmoid(lead.Ledger!.Logit).ShouldBe(lead.Lead.Score!.Value, 1e-9);
            var known = lead.Facts.Select(f => f.Id).ToHashSet();
            lead.Ledger.Contributions.SelectMany(c => c.FactIds).ShouldAllBe(f => known.Contains(f));
            var rationale = RationaleWriter.Write(lead.Ledger, lead.Facts, CultureInfo.InvariantCulture);
            rationale.ShouldAllBe(l => l.FactIds.Count > 0 && l.FactIds.All(known.Contains));
            rationale.ShouldContain(l => l.Text.Contains("tier", StringComparison.Ordinal));
        }

        (await Get<PromoteModel>().RollBackAsync(Acme, Actor.System, CancellationToken.None)).Value.ShouldBe(PromoteModel.Profile);
        Time.Advance(TimeSpan.FromSeconds(6));
        (await ScoreOfAsync("later@fresh.test", "Gold")).Lead.ModelVersion.ShouldBe(ProfileModel.ModelVersion);
    }

    [Fact]
    public async Task Registry_KeepsEveryVersionWithItsReport_AndOneTenantsModelsAreNotAnothers()
    {
        await HistoryAsync(Acme, 400);

        var (first, second) = (await TrainAsync(Acme), await TrainAsync(Acme));

        var listed = await Get<IModelRegistry>().ListAsync(Acme, CancellationToken.None);
        listed.Select(m => m.Version).ShouldBe([second, first]);
        listed[0].DataHash.ShouldBe(listed[1].DataHash);
        listed[0].Aliases.ShouldBe([ModelAlias.Challenger]);
        var report = listed[0].Report;
        report.HoldOut!.Auc.ShouldBeGreaterThan(0.75);
        report.Importance[0].Name.ShouldBe("attr.tier");
        report.Candidates.Count.ShouldBeGreaterThan(5);
        report.HoldOut.Confusions.ShouldAllBe(c => c.TruePositives + c.FalsePositives + c.FalseNegatives + c.TrueNegatives == report.HoldOut.Rows);
        (await Get<IModelRegistry>().ListAsync(Globex, CancellationToken.None)).ShouldBeEmpty();
        (await Get<IServingModels>().FindAsync(Globex, first, CancellationToken.None)).ShouldBeNull();
        (await Get<PromoteModel>().ExecuteAsync(Globex, Actor.System, first, CancellationToken.None)).Error!.Code.ShouldBe("unknown-model");
    }

    /// <summary>Prevents: an outcome that is recorded tomorrow teaches today's model.</summary>
    [Fact]
    public async Task TrainingSet_AsOfADate_KnowsNothingLater()
    {
        await HistoryAsync(Acme, 60);
        var middle = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromDays(1));
        await HistoryAsync(Acme, 40, "second");

        (await Get<ITrainingSets>().LoadAsync(Acme, middle, 10_000, CancellationToken.None)).Count.ShouldBe(60);
        var all = await Get<ITrainingSets>().LoadAsync(Acme, Time.GetUtcNow(), 10_000, CancellationToken.None);
        all.Count.ShouldBe(100);
        all.ShouldAllBe(r => r.SeenBefore && r.ScoredAt <= r.OccurredAt);
        all.Select(r => r.OccurredAt).ShouldBeInOrder();
    }

    [Fact]
    public async Task Train_WithoutOutcomes_SaysWhatIsMissing()
    {
        var result = await Get<TrainModel>().ExecuteAsync(Globex, Actor.System, "manual", None, CancellationToken.None);

        result.Error!.Code.ShouldBe("too-few-outcomes");
        result.Error.Message.ShouldContain("profile");
    }

    private async Task<int> TrainAsync(TenantId tenant)
    {
        var result = await Get<TrainModel>().ExecuteAsync(tenant, Actor.System, "manual", None, CancellationToken.None);
        result.IsOk.ShouldBeTrue(result.Error?.Message);
        return result.Value;
    }

    /// <summary>Leads come in, are scored, and later are won or lost: mostly by their tier.</summary>
    private async Task HistoryAsync(TenantId tenant, int count, string prefix = "first")
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
            var won = random.NextDouble() < (tier == "Gold" ? 0.75 : 0.15);
            (await record.ExecuteAsync(tenant, Actor.System, id, new OutcomeReport(won ? OutcomeResult.Won : OutcomeResult.Lost, null), CancellationToken.None)).IsOk.ShouldBeTrue();
        }
    }

    private async Task<List<(Guid Id, string Tier)>> LeadsAsync(TenantId tenant, string prefix)
    {
        await using var db = Sources.Context(tenant);
        await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.OpenConnectionAsync(db.Database);
        await using var command = Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.GetDbConnection(db.Database).CreateCommand();
        command.CommandText = $"SELECT l.id, l.attributes->>'tier' FROM aix.leads l JOIN aix.contact_points c ON c.lead_id = l.id WHERE c.kind = 0 AND c.value LIKE '{prefix}%' ORDER BY l.id";
        var leads = new List<(Guid, string)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            leads.Add((reader.GetGuid(0), reader.GetString(1)));
        }

        return leads;
    }

    private async Task<LeadDetail> ScoreOfAsync(string email, string tier)
    {
        var id = (await SubmitAsync(Acme, new { email, tier, visits = 5 }))[0].LeadId!.Value;
        await DrainAsync();
        using var scope = For(Acme);
        return (await scope.ServiceProvider.GetRequiredService<ILeadDetailQueries>().GetAsync(id, CancellationToken.None))!;
    }
}
