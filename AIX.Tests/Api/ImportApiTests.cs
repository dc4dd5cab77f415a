using AIX.Core.Auditing;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AIX.Core.Users;
using AIX.Infrastructure.Tenancy;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Api;

public class ImportApiTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Import_WithErrors_CountsOffersTheFileAndCanBeUndone()
    {
        using var client = factory.Client();
        var import = await ApiFactory.ImportAsync(client, "name,email,phone\nAsha,api1@firm.example.com,\nRavi,nope,12\nTara,nope,+91 11111 61001\n");
        var id = import.GetProperty("id").GetGuid();

        new[] { "rows", "accepted", "duplicates", "rejected", "scored" }.Select(k => import.GetProperty(k).GetInt32()).ShouldBe([3, 2, 0, 1, 2]);
        var errors = await client.GetStringAsync($"/api/v1/imports/{id}/errors.csv");
        errors.TrimStart('\uFEFF').ShouldStartWith("\"name\",\"email\",\"phone\",\"AIX row\",\"AIX error\"\r\n\"Ravi\",\"nope\",\"12\",\"2\",");

        using var globex = factory.Client("demo-globex-key");
        ((int)(await globex.GetAsync($"/api/v1/imports/{id}")).StatusCode).ShouldBe(404);
        ((int)(await globex.GetAsync($"/api/v1/imports/{id}/errors.csv")).StatusCode).ShouldBe(404);
        ((int)(await globex.PostAsync($"/api/v1/imports/{id}/undo", null)).StatusCode).ShouldBe(404);

        (await ApiFactory.JsonAsync(await client.PostAsync($"/api/v1/imports/{id}/undo", null))).GetProperty("state").GetString().ShouldBe("undone");
        ((int)(await client.PostAsync($"/api/v1/imports/{id}/undo", null)).StatusCode).ShouldBe(409);
    }

    [Fact]
    public async Task Import_WithMapping_FollowsIt()
    {
        using var client = factory.Client();

        await ApiFactory.ImportAsync(client, "a;b;c\nMapped Person;mapped@firm.example.com;7\n", """{"columns":{"a":"name","b":"email","c":"ignore"},"delimiter":";"}""");

        var lead = (await client.GetFromJsonAsync<JsonElement>("/api/v1/leads?q=mapped%20person")).GetProperty("items")[0];
        var attributes = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{lead.GetProperty("id").GetGuid()}")).GetProperty("attributes");
        attributes.EnumerateObject().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"columns":{"nope":"email"}}""", "nope")]
    [InlineData("""{"columns":{"email":"telephone number"}}""", "telephone number")]
    [InlineData("""{"columns":""", "not valid JSON")]
    [InlineData("""{"encoding":"ebcdic"}""", "ebcdic")]
    public async Task Import_BadMapping_IsRefusedWithAReason(string mapping, string reason)
    {
        using var client = factory.Client();
        using var form = new MultipartFormDataContent { { new ByteArrayContent("name,email\nA,a@firm.test\n"u8.ToArray()), "file", "x.csv" }, { new StringContent(mapping), "mapping" } };

        var answer = await client.PostAsync("/api/v1/imports", form);

        ((int)answer.StatusCode).ShouldBe(400);
        (await ApiFactory.JsonAsync(answer)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public async Task Import_NoFileOrNoMultipart_IsRefused()
    {
        using var client = factory.Client();

        ((int)(await client.PostAsync("/api/v1/imports", new StringContent("a,b"))).StatusCode).ShouldBe(400);
        using var empty = new MultipartFormDataContent { { new StringContent("x"), "other" } };
        ((int)(await client.PostAsync("/api/v1/imports", empty)).StatusCode).ShouldBe(400);
    }

    /// <summary>Prevents: a retried upload, whose multipart boundary is a new one, imports twice or is refused.</summary>
    [Fact]
    public async Task Import_RetriedWithTheSameIdempotencyKey_IsOneImport()
    {
        using var client = factory.Client();
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        var ids = new List<Guid>();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent("name,email\nA,retry@firm.example.com\n"u8.ToArray()), "file", "x.csv" } };
            ids.Add((await ApiFactory.JsonAsync(await client.PostAsync("/api/v1/imports", form))).GetProperty("id").GetGuid());
        }

        ids[0].ShouldBe(ids[1]);
    }

    [Fact]
    public async Task Form_PeopleComeIn_RobotsAreDropped_FloodsAreStopped()
    {
        using var anyone = factory.Client(null);
        using var acme = factory.Client();

        ((int)(await anyone.PostAsJsonAsync("/api/v1/forms/demo-acme-form", new { name = "Form Person", email = "form@firm.example.com" })).StatusCode).ShouldBe(202);
        ((int)(await anyone.PostAsync("/api/v1/forms/demo-acme-form", new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "Robot", ["email"] = "robot@firm.example.com", ["fax_number"] = "1" }))).StatusCode).ShouldBe(202);
        ((int)(await anyone.PostAsJsonAsync("/api/v1/forms/demo-acme-form", new { name = "X", email = "nope" })).StatusCode).ShouldBe(422);
        ((int)(await anyone.PostAsJsonAsync("/api/v1/forms/unknown", new { email = "a@firm.test" })).StatusCode).ShouldBe(404);

        await Support.Wait.UntilAsync(async () => (await acme.GetFromJsonAsync<JsonElement>("/api/v1/leads?q=form%20person")).GetProperty("items").GetArrayLength() == 1, "the form's lead");
        (await acme.GetFromJsonAsync<JsonElement>("/api/v1/leads?q=robot%40firm")).GetProperty("items").GetArrayLength().ShouldBe(0);

        HttpResponseMessage last;
        var posts = 0;
        do
        {
            last = await anyone.PostAsJsonAsync("/api/v1/forms/demo-acme-form", new { email = $"flood{posts}@firm.example.com" });
        }
        while ((int)last.StatusCode == 202 && ++posts < 50);

        ((int)last.StatusCode).ShouldBe(429);
        last.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Keys_ExpiredRevokedAndNarrow_AreHeldToTheirRights()
    {
        var provisioner = factory.App.Services.GetRequiredService<TenantProvisioner>();
        var tenant = (await provisioner.FindAsync("acme", CancellationToken.None))!.Value;
        await provisioner.AddApiKeyAsync(tenant, "old", "expired-key", Permission.All, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), CancellationToken.None);
        await provisioner.AddApiKeyAsync(tenant, "reader", "reader-key", [Permission.LeadsRead], null, CancellationToken.None);
        using var expired = factory.Client("expired-key");
        using var reader = factory.Client("reader-key");

        ((int)(await expired.GetAsync("/api/v1/leads")).StatusCode).ShouldBe(401);
        ((int)(await reader.GetAsync("/api/v1/leads")).StatusCode).ShouldBe(200);
        ((int)(await reader.PostAsJsonAsync("/api/v1/leads", new { email = "a@firm.test" })).StatusCode).ShouldBe(403);
        ((int)(await reader.GetAsync("/api/v1/pipeline")).StatusCode).ShouldBe(403);
    }

    [Fact]
    public async Task Machine_Interfaces_AreThere()
    {
        using var client = factory.Client();

        (await client.GetStringAsync("/health/ready")).ShouldContain("ready");
        (await client.GetStringAsync("/metrics")).ShouldContain("aix_pipeline_runs_done");
        var openApi = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        string[] paths = ["/api/v1/leads", "/api/v1/leads/{id}", "/api/v1/leads/{id}/outcome", "/api/v1/imports", "/api/v1/imports/{id}", "/api/v1/imports/{id}/errors.csv", "/api/v1/imports/{id}/undo", "/api/v1/pipeline", "/api/v1/forms/{formKey}"];
        paths.Except(openApi.GetProperty("paths").EnumerateObject().Select(p => p.Name)).ShouldBeEmpty();
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/pipeline")).GetProperty("stages").GetArrayLength().ShouldBe(5);
        ((int)(await client.GetAsync("/api/v1/nothing")).StatusCode).ShouldBe(404);
    }

    /// <summary>Prevents: a database that was once used in Development opens with the keys that everybody knows.</summary>
    [Fact]
    public async Task Production_HasNoDemoKeysAndShowsNoDemoAccounts()
    {
        var database = await Support.TestCluster.CreateDatabaseAsync();
        await using (var development = Program("Development", database))
        {
            using var client = development.CreateClient();
            client.DefaultRequestHeaders.Authorization = new("Bearer", "demo-acme-key");
            ((int)(await client.GetAsync("/api/v1/leads")).StatusCode).ShouldBe(200);
            (await client.GetStringAsync("/signin")).ShouldContain("admin@acme.example.com");
        }

        await using var production = Program("Production", database);
        using var outsider = production.CreateClient();
        outsider.DefaultRequestHeaders.Authorization = new("Bearer", "demo-acme-key");
        ((int)(await outsider.GetAsync("/api/v1/leads")).StatusCode).ShouldBe(401);
        (await outsider.GetStringAsync("/signin")).ShouldNotContain("acme.example.com");

        static WebApplicationFactory<Program> Program(string environment, string database) => new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment(environment);
            host.UseSetting("Database:ConnectionString", database);
        });
    }

    /// <summary>The API never takes a browser's cookie: no other site can ride on it.</summary>
    [Fact]
    public async Task SignIn_LocksAfterFiveWrongTries_AndItsCookieOpensPagesNotTheApi()
    {
        using var client = factory.App.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        async Task<HttpResponseMessage> SignInAsync(string email, string password)
        {
            var page = await client.GetStringAsync("/signin");
            var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
            return await client.PostAsync("/signin", new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "signin", ["__RequestVerificationToken"] = token, ["Input.Email"] = email, ["Input.Password"] = password }));
        }

        for (var attempt = 0; attempt < 5; attempt++)
        {
            ((int)(await SignInAsync("agent@globex.example.com", "wrong")).StatusCode).ShouldBe(200);
        }

        (await (await SignInAsync("agent@globex.example.com", "Demo-2026!")).Content.ReadAsStringAsync()).ShouldContain("locked");
        ((int)(await SignInAsync("manager@globex.example.com", "Demo-2026!")).StatusCode).ShouldBe(302);
        ((int)(await client.GetAsync("/leads")).StatusCode).ShouldBe(200);
        ((int)(await client.GetAsync("/api/v1/leads")).StatusCode).ShouldBe(401);
        (await client.GetAsync("/language/hi?returnUrl=//evil.test")).Headers.Location!.ToString().ShouldBe("/");

        // Of the account that is locked one line says so; what was tried afterwards fills no log.
        var globex = (await factory.App.Services.GetRequiredService<TenantProvisioner>().FindAsync("globex", CancellationToken.None))!.Value;
        var lines = await factory.App.Services.GetRequiredService<IAuditLog>().ListAsync(globex, "account.", null, 50, CancellationToken.None);
        lines.Reverse().Select(l => (l.ActorKind, l.Action)).ShouldBe([.. Enumerable.Repeat(("nobody", "account.refused"), 4), ("nobody", "account.locked"), ("user", "account.signed-in")]);
    }
}
