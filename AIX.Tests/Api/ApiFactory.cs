using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AIX.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Shouldly;
using Xunit;

namespace AIX.Tests.Api;

/// <summary>The whole program in Development on a database of its own, with its demo tenants.</summary>
public sealed class ApiFactory : IAsyncLifetime
{
    private WebApplicationFactory<Program>? _app;

    public WebApplicationFactory<Program> App => _app!;

    public async Task InitializeAsync()
    {
        var database = await TestCluster.CreateDatabaseAsync();
        _app = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Development");
            host.UseSetting("Database:ConnectionString", database);
            host.UseSetting("Api:FormPostsPerMinute", "5");
        });
        await App.CreateClient().GetAsync("/health/live");
    }

    public async Task DisposeAsync() => await App.DisposeAsync();

    public HttpClient Client(string? key = "demo-acme-key")
    {
        var client = App.CreateClient();
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    /// <summary>Uploads a file and waits until its leads are scored.</summary>
    public static async Task<JsonElement> ImportAsync(HttpClient client, string csv, string? mapping = null)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "file", "leads.csv" } };
        if (mapping is not null)
        {
            form.Add(new StringContent(mapping), "mapping");
        }

        var started = await client.PostAsync("/api/v1/imports", form);
        ((int)started.StatusCode).ShouldBe(202, await started.Content.ReadAsStringAsync());
        var id = (await JsonAsync(started)).GetProperty("id").GetGuid();
        JsonElement import = default;
        await Wait.UntilAsync(async () =>
        {
            import = await client.GetFromJsonAsync<JsonElement>($"/api/v1/imports/{id}");
            return import.GetProperty("state").GetString() != "running" && import.GetProperty("scored").GetInt32() == import.GetProperty("accepted").GetInt32();
        }, "the import to be scored");
        return import;
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
}
