using AIX.Bench.Vendors;
using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Scoring;
using AIX.Core.Text;
using AIX.Infrastructure.Text;
using AIX.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Scoring;

/// <summary>Leads like this one, and like the customers that were won; kept in the database, compared in memory.</summary>
public class SimilarLeadsTests : DatabaseTest
{
    [Fact]
    public async Task Leads_OfTheSameKind_AreFound_AndAnotherTenantsAreNot()
    {
        var clinics = await KindAsync(Acme, "clinic", "Medical superintendent", "hospital beds and patients", 8);
        await KindAsync(Acme, "mill", "Plant manager", "spinning mill for cotton yarn", 8);
        await KindAsync(Globex, "other", "Medical superintendent", "hospital beds and patients", 8);

        var like = await Get<SimilarLeads>().LikeAsync(Acme, clinics[0], 7, false, CancellationToken.None);

        like.Select(l => l.LeadId).ShouldBe(clinics.Skip(1), ignoreOrder: true);
        like.Select(l => l.Similarity).ShouldBeInOrder(SortDirection.Descending);
        like[0].Similarity.ShouldBeInRange(0.8, 1.0001);
        (await Get<SimilarLeads>().LikeAsync(Globex, clinics[0], 7, false, CancellationToken.None)).ShouldBeEmpty();
    }

    /// <summary>Prevents: an index that knows only what this node wrote, or what was there when it started.</summary>
    [Fact]
    public async Task Index_FollowsWhatOthersWrite_AndStartsFromTheDatabase()
    {
        var clinics = await KindAsync(Acme, "clinic", "Medical superintendent", "hospital beds and patients", 3);
        var mine = Get<SimilarLeads>();
        (await mine.LikeAsync(Acme, clinics[0], 10, false, CancellationToken.None)).Count.ShouldBe(2);

        Time.Advance(TimeSpan.FromSeconds(10));
        await KindAsync(Acme, "late", "Medical superintendent", "hospital beds and patients", 2);
        (await mine.LikeAsync(Acme, clinics[0], 10, false, CancellationToken.None)).Count.ShouldBe(4);
        var another = new SimilarLeads(Get<ILeadVectorStore>(), new HashedEmbedder(), Time);
        (await another.LikeAsync(Acme, clinics[0], 10, false, CancellationToken.None)).Count.ShouldBe(4);
    }

    /// <summary>The likeness to won customers is a feature with facts behind it, from ten of them on; a lead is not like itself.</summary>
    [Fact]
    public async Task LikenessToWonCustomers_IsAFeature()
    {
        var won = await KindAsync(Acme, "clinic", "Medical superintendent", "hospital beds and patients", 12);
        using (var scope = For(Acme))
        {
            foreach (var lead in won)
            {
                (await scope.ServiceProvider.GetRequiredService<RecordOutcome>().ExecuteAsync(Acme, Actor.System, lead, new OutcomeReport(OutcomeResult.Won, null), CancellationToken.None)).IsOk.ShouldBeTrue();
            }
        }

        Time.Advance(TimeSpan.FromSeconds(10));
        var near = await FeatureAsync((await KindAsync(Acme, "newclinic", "Medical superintendent", "hospital beds and patients", 1))[0]);
        var far = await FeatureAsync((await KindAsync(Acme, "newmill", "Plant manager", "spinning mill for cotton yarn", 1))[0]);

        near!.Value!.Value.ShouldBeGreaterThan(far!.Value!.Value + 0.3);
        near.FactIds.ShouldNotBeEmpty();
        (await Get<SimilarLeads>().LikeAsync(Acme, won[0], 20, true, CancellationToken.None)).Select(l => l.LeadId).ShouldBe(won.Skip(1), ignoreOrder: true);
        (await FeatureAsync(won[0])).ShouldBeNull();
    }

    /// <summary>The same over an endpoint that speaks OpenAI's protocol; nothing personal leaves, and an endpoint that fails costs the likeness, not the lead.</summary>
    [Theory]
    [InlineData("good")]
    [InlineData("500")]
    [InlineData("nonsense")]
    [InlineData("short")]
    public async Task Embeddings_OfAnEndpoint(string behaviour)
    {
        string? sent = null;
        await using var server = await VendorServer.StartAsync(async c =>
        {
            using var reader = new StreamReader(c.Request.Body);
            sent = await reader.ReadToEndAsync();
            c.Response.StatusCode = behaviour == "500" ? 500 : 200;
            c.Response.ContentType = "application/json";
            await c.Response.WriteAsync(behaviour switch
            {
                "good" => """{"data":[{"index":1,"embedding":[0,2,0,0,0,0,0,0]},{"index":0,"embedding":[3,4,0,0,0,0,0,0]}]}""",
                "short" => """{"data":[{"index":0,"embedding":[1,2]}]}""",
                _ => "<html>",
            });
        });
        using var http = new HttpClient();
        var embedder = new OpenAiEmbedder(http, new TextOptions { EmbeddingsUrl = server.Url("/v1").AbsoluteUri, EmbeddingsModel = "m", EmbeddingsKey = "k", EmbeddingsSize = 8 }, Microsoft.Extensions.Logging.Abstractions.NullLogger<OpenAiEmbedder>.Instance);

        var vectors = await embedder.EmbedAsync(["call me at asha@example.com", "two"], CancellationToken.None);

        sent!.ShouldNotContain("asha@example.com");
        server.Calls.Single().Path.ShouldBe("/v1/embeddings");
        vectors.Count.ShouldBe(2);
        vectors[0].ShouldBe(behaviour == "good" ? [0.6f, 0.8f, 0, 0, 0, 0, 0, 0] : new float[8]);
    }

    private async Task<List<Guid>> KindAsync(Core.Tenancy.TenantId tenant, string prefix, string title, string about, int count)
    {
        var items = await SubmitAsync(tenant, [.. Enumerable.Range(0, count).Select(i => new { name = $"Lead {prefix} {i}", email = $"{prefix}{i}@{prefix}.test", title, industry = about, attributes = new Dictionary<string, string> { ["note"] = $"{about} {i}" } })]);
        await DrainAsync();

        // What was written is seen by every node after a few seconds.
        Time.Advance(TimeSpan.FromSeconds(4));
        return [.. items.Select(i => i.LeadId!.Value)];
    }

    private async Task<Feature?> FeatureAsync(Guid lead) =>
        SnapshotCodec.Read(await ScalarAsync<byte[]>("SELECT features FROM aix.feature_snapshots WHERE lead_id = $1 ORDER BY run_id DESC LIMIT 1", lead)).FirstOrDefault(f => f.Name == ScoreLeads.LikeWon);
}
