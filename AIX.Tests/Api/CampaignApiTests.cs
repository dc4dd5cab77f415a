using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AIX.Core.Users;
using AIX.Infrastructure.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Api;

/// <summary>Who may do what with campaigns, and what comes in that is none.</summary>
public sealed class CampaignApiTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private static readonly object Plan = new { purpose = "your enquiry", purposeHindi = "आपकी पूछताछ", @class = "Service", route = "simulated" };

    /// <summary>Prevents: somebody with an agent's or a manager's rights, or of another organisation, starts, stops or changes a campaign, or learns that there is one.</summary>
    [Theory]
    [InlineData("agent", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("manager", HttpStatusCode.Forbidden, HttpStatusCode.OK)]
    [InlineData("globex", HttpStatusCode.NotFound, HttpStatusCode.NotFound)]
    public async Task Campaign_IsItsAdminsAlone(string who, HttpStatusCode acts, HttpStatusCode reads)
    {
        using var admin = factory.Client();
        var created = await admin.PostAsJsonAsync("/api/v1/campaigns", new { name = "Theirs", plan = Plan });
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        using var other = factory.Client(who == "globex" ? "demo-globex-key" : await KeyAsync(who));

        foreach (var act in new[] { "launch", "pause", "resume", "stop", "preflight" })
        {
            (await other.PostAsync($"/api/v1/campaigns/{id}/{act}", null)).StatusCode.ShouldBe(acts, act);
        }

        (await other.PutAsJsonAsync($"/api/v1/campaigns/{id}", new { name = "Mine", version = 1, plan = Plan })).StatusCode.ShouldBe(acts);
        (await other.PostAsJsonAsync($"/api/v1/campaigns/{id}/leads", new { ids = new[] { id } })).StatusCode.ShouldBe(acts);
        (await other.PostAsJsonAsync($"/api/v1/campaigns/{id}/redial", new { outcomes = new[] { "NoAnswer" } })).StatusCode.ShouldBe(acts);
        using var file = new StringContent("phone\n+911111100001\n", Encoding.UTF8, "text/csv");
        (await other.PostAsync($"/api/v1/campaigns/{id}/audience", file)).StatusCode.ShouldBe(acts);
        (await other.GetAsync($"/api/v1/campaigns/{id}")).StatusCode.ShouldBe(reads);
        (await admin.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{id}")).GetProperty("state").GetString().ShouldBe("Draft");
    }

    [Theory]
    [InlineData("{\"name\":\"x\",\"plan\":{\"audience\":{\"facts\":[{\"attribute\":\"a\",\"operator\":\"Drop\",\"value\":\"b\"}]}}}")]
    [InlineData("{\"name\":\"x\",\"plan\":{\"callsPerSecond\":\"fast\"}}")]
    [InlineData("{\"name\":\"\",\"plan\":{}}")]
    [InlineData("{\"plan\":7}")]
    [InlineData("not json")]
    public async Task Plan_ThatIsNone_IsRefusedAndSaysWhy(string body)
    {
        using var admin = factory.Client();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await admin.PostAsync("/api/v1/campaigns", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync());
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!.Length.ShouldBeGreaterThan(10);
    }

    private async Task<string> KeyAsync(string role)
    {
        var provisioner = factory.App.Services.GetRequiredService<TenantProvisioner>();
        var key = $"campaign-{role}-key";
        await provisioner.AddApiKeyAsync((await provisioner.FindAsync("acme", CancellationToken.None))!.Value, role, key, Roles.PermissionsOf(Enum.Parse<Role>(role, true)), null, CancellationToken.None);
        return key;
    }
}
