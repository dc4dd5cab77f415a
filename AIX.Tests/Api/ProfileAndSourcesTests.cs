using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace AIX.Tests.Api;

/// <summary>The profile and the sources over HTTP.</summary>
public class ProfileAndSourcesTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    /// <summary>A profile read as YAML can be stored again as it is; a draft changes nothing; the schema knows its names.</summary>
    [Fact]
    public async Task Profile_IsRead_Drafted_Tried_AndPublished()
    {
        using var client = factory.Client();
        using var asYaml = new HttpRequestMessage(HttpMethod.Get, "/api/v1/profile");
        asYaml.Headers.Accept.ParseAdd("application/yaml");
        var yaml = await (await client.SendAsync(asYaml)).Content.ReadAsStringAsync();
        yaml.ShouldContain("employeesMax: 1000");

        var drafted = await client.PutAsync("/api/v1/profile", new StringContent(yaml.Replace("employeesMax: 1000", "employeesMax: 700", StringComparison.Ordinal), Encoding.UTF8, "application/yaml"));
        drafted.StatusCode.ShouldBe(HttpStatusCode.Created, await drafted.Content.ReadAsStringAsync());
        var version = (await ApiFactory.JsonAsync(drafted)).GetProperty("version").GetInt32();
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/profile")).GetProperty("employeesMax").GetDouble().ShouldBe(1000);
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/profile?version={version}")).GetProperty("employeesMax").GetDouble().ShouldBe(700);

        var preview = await ApiFactory.JsonAsync(await client.PostAsync("/api/v1/profile/preview", new StringContent(yaml, Encoding.UTF8, "application/yaml")));
        preview.GetProperty("changing").GetInt32().ShouldBe(0);
        (await client.PostAsync($"/api/v1/profile/{version}/publish", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await client.PostAsync($"/api/v1/profile/{version}/publish", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await client.PostAsync("/api/v1/profile/99/publish", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/profile")).GetProperty("employeesMax").GetDouble().ShouldBe(700);
        var states = (await client.GetFromJsonAsync<JsonElement>("/api/v1/profile/versions")).GetProperty("items").EnumerateArray().Select(v => v.GetProperty("state").GetString()).ToList();
        states.Count(s => s == "production").ShouldBe(1);

        var schema = await client.GetFromJsonAsync<JsonElement>("/api/v1/profile/schema");
        schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).ShouldBe((await client.GetFromJsonAsync<JsonElement>("/api/v1/profile")).EnumerateObject().Select(p => p.Name), ignoreOrder: true);
        var described = await ApiFactory.JsonAsync(await client.PostAsJsonAsync("/api/v1/profile/describe", new { text = "Hospitals with 20 to 80 employees" }));
        described.GetProperty("draft").GetProperty("employeesMax").GetDouble().ShouldBe(80);
    }

    [Theory]
    [InlineData("PUT", "/api/v1/profile", "application/json", "{\"baseRate\":7}", "baseRate")]
    [InlineData("PUT", "/api/v1/profile", "application/yaml", "a: [", "line")]
    [InlineData("POST", "/api/v1/profile/describe", "application/json", "{}", "text is missing")]
    [InlineData("PUT", "/api/v1/sources/apollo", "application/json", "{\"enabled\":true}", "answers only to a key")]
    [InlineData("PUT", "/api/v1/sources/apollo", "application/json", "{\"enabled\":\"yes\"}", "wrong type")]
    [InlineData("PUT", "/api/v1/sources/nobody", "application/json", "{\"enabled\":true}", "There is no source")]
    public async Task BadInput_SaysWhatAndWhere(string method, string path, string type, string body, string expected)
    {
        using var client = factory.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, type) };

        var answer = await client.SendAsync(request);

        ((int)answer.StatusCode).ShouldBeInRange(400, 404);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(expected);
    }

    /// <summary>Prevents: a key that is given out once it is stored.</summary>
    [Fact]
    public async Task Source_IsSwitchedOn_AndItsKeyIsNeverGivenOut()
    {
        using var client = factory.Client();

        (await client.PutAsJsonAsync("/api/v1/sources/companies-house", new { enabled = true, key = "very-secret-key", price = 0.01 })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var text = await client.GetStringAsync("/api/v1/sources");
        text.ShouldNotContain("very-secret-key");
        var source = JsonDocument.Parse(text).RootElement.GetProperty("items").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "companies-house");
        (source.GetProperty("enabled").GetBoolean(), source.GetProperty("hasKey").GetBoolean(), source.GetProperty("price").GetDecimal()).ShouldBe((true, true, 0.01m));
        (await client.PutAsJsonAsync("/api/v1/sources/companies-house", new { enabled = false, key = "" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    /// <summary>A person's word over the API, and leads that are alike.</summary>
    [Fact]
    public async Task Lead_IsCorrected_AndHasLikes()
    {
        using var client = factory.Client();
        var mark = Guid.CreateVersion7().ToString("N");
        var posted = await ApiFactory.JsonAsync(await client.PostAsJsonAsync("/api/v1/leads", new { name = "Asha Example", email = $"a@{mark}.example.com", title = "Head of HR", industry = "software" }));
        var id = posted.GetProperty("items")[0].GetProperty("leadId").GetGuid();

        (await client.PostAsJsonAsync($"/api/v1/leads/{id}/facts", new { attribute = "employees", value = "75" })).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await client.PostAsJsonAsync($"/api/v1/leads/{Guid.CreateVersion7()}/facts", new { attribute = "employees", value = "75" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsJsonAsync($"/api/v1/leads/{id}/facts", new { attribute = "email", value = "x" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var lead = await client.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{id}");
        lead.GetProperty("facts").EnumerateArray().ShouldContain(f => f.GetProperty("source").GetString() == "person" && f.GetProperty("value").GetString() == "75" && f.GetProperty("method").GetString() == "correction");
        lead.GetProperty("facts").EnumerateArray().Select(f => f.GetProperty("method").GetString()).ShouldBeSubsetOf(["given", "derived", "correction"]);
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{id}/similar")).GetProperty("like").ValueKind.ShouldBe(JsonValueKind.Array);
        using var other = factory.Client("demo-globex-key");
        (await other.PostAsJsonAsync($"/api/v1/leads/{id}/facts", new { attribute = "employees", value = "75" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
