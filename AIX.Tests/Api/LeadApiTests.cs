using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AIX.Tests.Support;
using Shouldly;
using Xunit;

namespace AIX.Tests.Api;

public class LeadApiTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Post_Leads_AnswersPerItemAndExplainsTheScore()
    {
        using var client = factory.Client();
        var mail = $"asha{Guid.CreateVersion7():N}@lotus.example.com";

        var answer = await client.PostAsJsonAsync("/api/v1/leads", new object[]
        {
            new { name = "Asha Example", email = mail, phone = "+91 11111 70001", title = "CEO", employees = 412, industry = "Software", attributes = new { budget = 5 } },
            new { email = mail.ToUpperInvariant() },
            new { email = "nope", phone = "12" },
            new { name = 5 },
            "text",
        });

        ((int)answer.StatusCode).ShouldBe(202);
        var body = await ApiFactory.JsonAsync(answer);
        body.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("status").GetString()).ShouldBe(["accepted", "duplicate", "rejected", "rejected", "rejected"]);
        body.GetProperty("items")[3].GetProperty("errors")[0].GetProperty("message").GetString().ShouldBe("name is a number; it must be a string.");
        var id = body.GetProperty("items")[0].GetProperty("leadId").GetGuid();
        var lead = await ScoredAsync(client, id);

        lead.GetProperty("band").GetString().ShouldBe("hot");
        lead.GetProperty("attributes").GetProperty("budget").GetInt32().ShouldBe(5);
        var facts = lead.GetProperty("facts").EnumerateArray().Select(f => f.GetProperty("id").GetGuid()).ToHashSet();
        var logit = lead.GetProperty("contributions").EnumerateArray().Aggregate(lead.GetProperty("baseLogit").GetDouble(), (sum, c) => sum + c.GetProperty("logit").GetDouble());
        (1 / (1 + Math.Exp(-logit))).ShouldBe(lead.GetProperty("score").GetDouble(), 1e-12);
        var rationale = lead.GetProperty("rationale").EnumerateArray().ToList();
        rationale.Count.ShouldBe(3);
        rationale.SelectMany(r => r.GetProperty("factIds").EnumerateArray()).ShouldAllBe(f => facts.Contains(f.GetGuid()));
    }

    [Fact]
    public async Task Get_AnotherTenantsLead_Is404()
    {
        using var acme = factory.Client();
        using var globex = factory.Client("demo-globex-key");
        var id = (await acme.GetFromJsonAsync<JsonElement>("/api/v1/leads?limit=1")).GetProperty("items")[0].GetProperty("id").GetGuid();

        ((int)(await acme.GetAsync($"/api/v1/leads/{id}")).StatusCode).ShouldBe(200);
        ((int)(await globex.GetAsync($"/api/v1/leads/{id}")).StatusCode).ShouldBe(404);
        ((int)(await globex.PostAsJsonAsync($"/api/v1/leads/{id}/outcome", new { outcome = "won" })).StatusCode).ShouldBe(404);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("demo-acme-key ; DROP")]
    public async Task Any_BadKey_Is401WithAReason(string? key)
    {
        using var client = factory.Client(key);

        var answer = await client.GetAsync("/api/v1/leads");

        ((int)answer.StatusCode).ShouldBe(401);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await ApiFactory.JsonAsync(answer)).GetProperty("type").GetString().ShouldBe("urn:aix:problem:unauthorized");
    }

    [Theory]
    [InlineData("sort=salary", "sort")]
    [InlineData("band=tepid", "band")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=abc", "cursor")]
    public async Task Get_BadQuery_Is400ThatNamesTheField(string query, string field)
    {
        using var client = factory.Client();

        var answer = await client.GetAsync("/api/v1/leads?" + query);

        ((int)answer.StatusCode).ShouldBe(400);
        (await ApiFactory.JsonAsync(answer)).GetProperty("field").GetString().ShouldBe(field);
    }

    [Theory]
    [InlineData("-score")]
    [InlineData("score")]
    [InlineData("name")]
    [InlineData("-createdAt")]
    public async Task Get_Pages_ShowEveryLeadOnceInOrder(string sort)
    {
        using var client = factory.Client("demo-globex-key");
        var seen = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/leads?sort={sort}&limit=7{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        seen.Count.ShouldBeGreaterThanOrEqualTo(60);
        seen.Select(l => l.GetProperty("id").GetGuid()).Distinct().Count().ShouldBe(seen.Count);
        if (sort == "name")
        {
            var names = seen.Select(l => l.GetProperty("name").GetString()?.ToLowerInvariant() ?? "").ToList();
            names.ShouldBe(names.Order(StringComparer.Ordinal).ToList());
        }
    }

    [Fact]
    public async Task Get_SearchAndBand_Filter()
    {
        using var client = factory.Client();
        await client.PostAsJsonAsync("/api/v1/leads", new { name = "100% Unique_Name", email = "unique.name@firm.example.com" });
        await Wait.UntilAsync(async () => await CountAsync(client, "q=100%25%20uni") == 1, "the search to find the lead");

        (await CountAsync(client, "q=unique_na")).ShouldBe(1);
        (await CountAsync(client, "q=uniqueXna")).ShouldBe(0);
        (await CountAsync(client, "q=unique.name@firm")).ShouldBe(1);
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/leads?band=hot")).GetProperty("items").EnumerateArray().ShouldAllBe(l => l.GetProperty("band").GetString() == "hot");
    }

    [Fact]
    public async Task Post_IdempotencyKey_ReplaysTheAnswerAndRefusesAnotherBody()
    {
        using var client = factory.Client();
        var key = Guid.CreateVersion7().ToString();

        var first = await SendAsync(client, key, """{"email":"idem@firm.example.com"}""");
        var again = await SendAsync(client, key, """{"email":"idem@firm.example.com"}""");
        var other = await SendAsync(client, key, """{"email":"other@firm.example.com"}""");

        ((int)first.StatusCode, (int)again.StatusCode, (int)other.StatusCode).ShouldBe((202, 202, 422));
        (await again.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        again.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();

        using var globex = factory.Client("demo-globex-key");
        ((int)(await SendAsync(globex, key, """{"email":"third@firm.example.com"}""")).StatusCode).ShouldBe(202);
    }

    [Theory]
    [InlineData("{\"email\":", 400, "line 1")]
    [InlineData("[]", 400, "1,000")]
    [InlineData("5", 400, "JSON object")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", 400, "not valid JSON")]
    public async Task Post_BadJson_SaysWhere(string body, int status, string detail)
    {
        using var client = factory.Client();

        var answer = await client.PostAsync("/api/v1/leads", new StringContent(body, Encoding.UTF8, "application/json"));

        ((int)answer.StatusCode).ShouldBe(status);
        (await ApiFactory.JsonAsync(answer)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain(detail);
    }

    /// <summary>Prevents: text that PostgreSQL cannot hold, or a number that no model can use, ends in "something went wrong".</summary>
    [Theory]
    [InlineData("""{"email":"h1@firm.example.com","name":"a\u0000b","technologies":["a\u0000b"],"attributes":{"k\u0000":"v\u0000","l":["\u0000"]}}""", 202, "accepted")]
    [InlineData("""{"email":"h2@firm.example.com","name":"\ud800"}""", 400, "surrogate")]
    [InlineData("""{"email":"h3@firm.example.com","attributes":{"\udc00":"x"}}""", 400, "surrogate")]
    [InlineData("""{"email":"h4@firm.example.com","attributes":{"a":1e400}}""", 202, "too large")]
    [InlineData("""{"email":"h5@firm.example.com","attributes":{"a":{"b":1}}}""", 202, "is an object")]
    [InlineData("""{"externalId":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}""", 202, "at most 200")]
    public async Task Post_HostileValues_AreKeptOrRefusedWithAReason(string body, int status, string says)
    {
        using var client = factory.Client();

        var answer = await client.PostAsync("/api/v1/leads", new StringContent(body, Encoding.UTF8, "application/json"));

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(says);
    }

    [Fact]
    public async Task Post_TooMuch_IsRefused()
    {
        using var client = factory.Client();

        ((int)(await client.PostAsJsonAsync("/api/v1/leads", Enumerable.Range(0, 1001).Select(i => new { email = $"a{i}@firm.test" }))).StatusCode).ShouldBe(400);
        ((int)(await client.PostAsync("/api/v1/leads", new StringContent($"{{\"name\":\"{new string('x', 11_000_000)}\"}}"))).StatusCode).ShouldBe(413);
    }

    [Fact]
    public async Task Post_Outcome_IsRecordedAndChecked()
    {
        using var client = factory.Client();
        var id = (await ApiFactory.JsonAsync(await client.PostAsJsonAsync("/api/v1/leads", new { email = "outcome@firm.example.com" }))).GetProperty("items")[0].GetProperty("leadId").GetGuid();

        ((int)(await client.PostAsJsonAsync($"/api/v1/leads/{id}/outcome", new { outcome = "won", amount = 12.5, currency = "INR" })).StatusCode).ShouldBe(201);
        ((int)(await client.PostAsJsonAsync($"/api/v1/leads/{id}/outcome", new { outcome = "maybe" })).StatusCode).ShouldBe(400);
        ((int)(await client.PostAsJsonAsync($"/api/v1/leads/{id}/outcome", new { outcome = "won", occurredAt = "2999-01-01T00:00:00Z" })).StatusCode).ShouldBe(400);
        ((int)(await client.PostAsJsonAsync($"/api/v1/leads/{id}/outcome", new { outcome = "won", amount = "much" })).StatusCode).ShouldBe(400);
        ((int)(await client.PostAsJsonAsync($"/api/v1/leads/{id}/outcome", new { outcome = "lost", lostReason = "too\0 dear" })).StatusCode).ShouldBe(201);
        ((int)(await client.PostAsJsonAsync($"/api/v1/leads/{id}/outcome", new { outcome = "won", amount = 1, currency = "I\0R" })).StatusCode).ShouldBe(400);
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{id}")).GetProperty("history").EnumerateArray().ShouldContain(h => h.GetProperty("kind").GetString() == "outcome");
    }

    private static async Task<int> CountAsync(HttpClient client, string query) => (await client.GetFromJsonAsync<JsonElement>("/api/v1/leads?" + query)).GetProperty("items").GetArrayLength();

    private static async Task<JsonElement> ScoredAsync(HttpClient client, Guid id)
    {
        JsonElement lead = default;
        await Wait.UntilAsync(async () =>
        {
            lead = await client.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{id}");
            return lead.GetProperty("band").ValueKind == JsonValueKind.String;
        }, "the lead to be routed");
        return lead;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string key, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/leads") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        return client.SendAsync(request);
    }
}
