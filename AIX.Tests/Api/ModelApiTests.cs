using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AIX.Tests.Support;
using Shouldly;
using Xunit;

namespace AIX.Tests.Api;

/// <summary>The whole program, its Quartz store in PostgreSQL included: outcomes in, training requested, model promoted, leads scored by it.</summary>
public class ModelApiTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Train_Promote_ScoreAndRollBack_OverHttp()
    {
        using var client = factory.Client("demo-globex-key");
        var csv = new StringBuilder("name,email,tier,outcome,outcome date\n");
        for (var i = 0; i < 260; i++)
        {
            var won = i % 20 < (i % 2 == 0 ? 16 : 3);
            csv.Append(CultureInfo.InvariantCulture, $"Lead {i},lead{i}@model{i}.test,{(i % 2 == 0 ? "Gold" : "Bronze")},{(won ? "won" : "lost")},2026-0{1 + i / 40}-1{i % 10}\n");
        }

        await ApiFactory.ImportAsync(client, csv.ToString());
        ((int)(await client.PostAsync("/api/v1/models/train", null)).StatusCode).ShouldBe(202);
        JsonElement models = default;
        await Wait.UntilAsync(async () => (models = await client.GetFromJsonAsync<JsonElement>("/api/v1/models")).GetArrayLength() > 0, "a model to be trained", 90);
        var version = models[0].GetProperty("version").GetInt32();
        models[0].GetProperty("report").GetProperty("holdOut").GetProperty("auc").GetDouble().ShouldBeGreaterThan(0.6);
        models[0].GetProperty("trigger").GetString().ShouldBe("manual");

        var preview = await client.GetFromJsonAsync<JsonElement>($"/api/v1/models/{version}/preview");
        preview.GetProperty("leads").GetInt32().ShouldBeGreaterThanOrEqualTo(260);
        preview.GetProperty("changing").GetInt32().ShouldBe(preview.GetProperty("moves").EnumerateArray().Sum(m => m.GetProperty("leads").GetInt32()));
        ((int)(await client.GetAsync("/api/v1/models/999/preview")).StatusCode).ShouldBe(404);
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/models/{version}/health")).GetProperty("alarms").GetArrayLength().ShouldBe(0);
        ((int)(await client.GetAsync("/api/v1/models/999/health")).StatusCode).ShouldBe(404);
        ((int)(await client.GetAsync($"/api/v1/models/{version}/compare/999")).StatusCode).ShouldBe(404);
        ((int)(await client.PostAsync($"/api/v1/models/{version}/shadow", null)).StatusCode).ShouldBe(200);
        ((int)(await client.PostAsync($"/api/v1/models/{version}/promote", null)).StatusCode).ShouldBe(200);
        ((int)(await client.PostAsync($"/api/v1/models/{version}/promote", null)).StatusCode).ShouldBe(409);
        ((int)(await client.PostAsync("/api/v1/models/999/promote", null)).StatusCode).ShouldBe(404);
        var posted = await ApiFactory.JsonAsync(await client.PostAsJsonAsync("/api/v1/leads", new { email = "new@fresh-model.test", tier = "Gold" }));
        var id = posted.GetProperty("items")[0].GetProperty("leadId").GetGuid();
        JsonElement lead = default;
        await Wait.UntilAsync(async () => (lead = await client.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{id}")).GetProperty("score").ValueKind == JsonValueKind.Number, "the lead to be scored");
        lead.GetProperty("modelVersion").GetInt32().ShouldBe(version);
        await Wait.UntilAsync(async () => (await client.GetFromJsonAsync<JsonElement>("/api/v1/leads?limit=200")).GetProperty("items").EnumerateArray().All(l => l.GetProperty("modelVersion").GetInt32() == version), "the older leads to be scored again", 60);
        var logit = lead.GetProperty("contributions").EnumerateArray().Aggregate(lead.GetProperty("baseLogit").GetDouble(), (sum, c) => sum + c.GetProperty("logit").GetDouble());
        (1 / (1 + Math.Exp(-logit))).ShouldBe(lead.GetProperty("score").GetDouble(), 1e-9);

        (await ApiFactory.JsonAsync(await client.PostAsync("/api/v1/models/rollback", null))).GetProperty("champion").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Models_OfAnotherTenant_AreNotThere_AndBadBodiesGetAReason()
    {
        using var acme = factory.Client();

        (await acme.GetFromJsonAsync<JsonElement>("/api/v1/models")).GetArrayLength().ShouldBe(0);
        var bad = await acme.PostAsJsonAsync("/api/v1/models/train", new { accept = "all" });
        ((int)bad.StatusCode).ShouldBe(400);
        (await ApiFactory.JsonAsync(bad)).GetProperty("detail").GetString()!.ShouldContain("list");
        ((int)(await factory.Client(null).GetAsync("/api/v1/models")).StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task Label_AndDirectory_OverHttp_WithTheirErrors()
    {
        using var client = factory.Client("demo-globex-key");
        var posted = await ApiFactory.JsonAsync(await client.PostAsJsonAsync("/api/v1/leads", new { email = "label@fresh-label.test" }));
        var label = $"/api/v1/leads/{posted.GetProperty("items")[0].GetProperty("leadId").GetGuid()}/label";

        ((int)(await client.PostAsJsonAsync(label, new { good = true, confidence = 0.8, reason = "fits" })).StatusCode).ShouldBe(201);
        foreach (var bad in new object[] { new { }, new { good = "yes" }, new { good = true, confidence = 2 } })
        {
            ((int)(await client.PostAsJsonAsync(label, bad)).StatusCode).ShouldBe(400);
        }

        ((int)(await client.PostAsJsonAsync($"/api/v1/leads/{Guid.CreateVersion7()}/label", new { good = true })).StatusCode).ShouldBe(404);
        var put = await ApiFactory.JsonAsync(await client.PutAsync("/api/v1/directory", new StringContent("name,domain,industry\nUmbra,umbra.example.com,Retail\n,\n", Encoding.UTF8, "text/csv")));
        (put.GetProperty("companies").GetInt32(), put.GetProperty("rejected").GetInt32()).ShouldBe((1, 1));
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/directory")).GetProperty("companies").GetInt32().ShouldBe(1);
        ((int)(await client.PutAsync("/api/v1/directory", new StringContent("a,b\n1,2\n", Encoding.UTF8, "text/csv"))).StatusCode).ShouldBe(400);
    }
}
