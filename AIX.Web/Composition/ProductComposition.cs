using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using AIX.Infrastructure;
using AIX.Infrastructure.Calls;
using AIX.Infrastructure.Campaigns;
using AIX.Infrastructure.Calls.Twilio;
using AIX.Infrastructure.Demo;
using AIX.Infrastructure.Outreach;
using AIX.Infrastructure.Pipeline;
using AIX.Web.Api;
using AIX.Web.Live;

namespace AIX.Web.Composition;

internal static class ProductComposition
{
    public static void AddProduct(this WebApplicationBuilder builder)
    {
        var node = new NodeIdentity($"{Environment.MachineName}-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2))}");
        builder.Services.AddTenancy().AddUsers().AddLeads().AddReview().AddScoring().AddLearning().AddPipeline(node).AddLive().AddCalls(Path.Combine(DataFolder.Resolve(builder.Configuration["Database:DataDirectory"], builder.Environment.ContentRootPath), "recordings")).AddCampaigns().AddOutreach();
        builder.Services.AddSingleton<IPublicAddress, PublicAddress>();
        if (builder.Configuration.GetValue<bool>("Calls:Simulator"))
        {
            if (!builder.Environment.IsDevelopment())
            {
                throw new StartupException("Calls:Simulator is for Development only: in Production nobody is called by a play. Set it to false.");
            }

            if (builder.Configuration["Calls:SimulatorClock"] is { } clock && clock.StartsWith("file:", StringComparison.Ordinal))
            {
                builder.Services.AddSingleton<TimeProvider>(new SharedTime(clock["file:".Length..]));
            }
            else if (DateTimeOffset.TryParse(builder.Configuration["Calls:SimulatorClock"], CultureInfo.InvariantCulture, out var start))
            {
                builder.Services.AddSingleton<TimeProvider>(new MovedTime(start));
            }
        }

        builder.Services.AddHostedService<LiveHubRelay>();
    }

    /// <summary>Demo data in Development, and nowhere else; while its fixed keys exist the program listens on this machine alone.</summary>
    public static async Task PrepareAsync(this WebApplication app)
    {
        // Counts from the first event on, not from the first time that somebody looks.
        app.Services.GetRequiredService<MetricsText>();
        if (!app.Environment.IsDevelopment())
        {
            await DemoData.RemoveKeysAsync(app.Services, CancellationToken.None);
            return;
        }

        if (Urls(app).FirstOrDefault(u => !IsLoopback(u)) is { } open)
        {
            throw new StartupException($"In Development the demo API keys exist, so AIX listens on this machine only, not on {open}. Use http://localhost:PORT, or set ASPNETCORE_ENVIRONMENT=Production.");
        }

        await DemoData.SeedAsync(app.Services, CancellationToken.None);
    }

    public static void MapProduct(this WebApplication app)
    {
        app.MapHealth();
        app.MapApi();
        app.MapCalls();
        app.MapOutreach();
        app.MapHub<LiveHub>("/hubs/live");
        app.MapBrowser();
    }

    private static IEnumerable<string> Urls(WebApplication app) =>
        (app.Configuration["urls"] ?? app.Configuration["ASPNETCORE_URLS"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(app.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>())
            .Concat((app.Configuration["http_ports"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(p => $"http://*:{p}"));

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));
}
