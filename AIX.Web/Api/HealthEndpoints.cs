using AIX.Core.Shared;

namespace AIX.Web.Api;

internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Json(new { status = "live" })).ExcludeFromDescription();
        app.MapGet("/health/ready", ReadyAsync).ExcludeFromDescription();
        app.MapGet("/metrics", (MetricsText metrics) => Results.Text(metrics.Write(), "text/plain; version=0.0.4; charset=utf-8")).ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(IReadiness readiness, CancellationToken ct) => await readiness.IsReadyAsync(ct)
        ? Results.Json(new { status = "ready" })
        : Results.Json(new { status = "not ready", reason = "the database does not answer" }, statusCode: 503);
}
