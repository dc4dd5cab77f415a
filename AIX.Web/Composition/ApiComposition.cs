using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using AIX.Core.Users;
using AIX.Web.Api;
using AIX.Web.Live;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace AIX.Web.Composition;

internal static class ApiComposition
{
    public static void AddApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        builder.Services.AddAuthorization(options =>
        {
            foreach (var permission in Permission.All)
            {
                options.AddPolicy(permission, policy => policy.RequireClaim(Claims.Permission, permission));
            }
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
            json.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        builder.Services.AddOpenApi("v1", openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "AIX API";
            document.Info.Description = "Leads in, scores out. Authorization: Bearer KEY. POST honours Idempotency-Key. Errors are RFC 9457 problem details.";
            return Task.CompletedTask;
        }));
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton<MetricsText>();
        builder.Services.AddSignalR().AddJsonProtocol(json => json.PayloadSerializerOptions.Converters.Add(new TenantIdJsonConverter()));
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddSingleton<IConfigureOptions<RateLimiterOptions>, RateLimits>();
    }

    private sealed class RateLimits(ApiOptions options) : IConfigureOptions<RateLimiterOptions>
    {
        public void Configure(RateLimiterOptions limiter)
        {
            limiter.AddPolicy(ApiEndpoints.KeyLimit, context => RateLimitPartition.GetTokenBucketLimiter(
                context.User.FindFirst(Claims.Key)?.Value ?? context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new TokenBucketRateLimiterOptions { TokenLimit = options.RequestsPerSecond + options.Burst, TokensPerPeriod = options.RequestsPerSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1) }));
            limiter.AddPolicy(ApiEndpoints.FormLimit, context => RateLimitPartition.GetFixedWindowLimiter(
                $"{context.Connection.RemoteIpAddress}/{context.Request.RouteValues["formKey"]}",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = options.FormPostsPerMinute, Window = TimeSpan.FromMinutes(1) }));
            limiter.OnRejected = async (rejected, _) =>
            {
                var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
                var seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                rejected.HttpContext.Response.Headers.RetryAfter = seconds;
                await Problems.WriteAsync(rejected.HttpContext, StatusCodes.Status429TooManyRequests, "rate-limited", $"Too many requests. Try again in {seconds} s.");
            };
        }
    }
}
