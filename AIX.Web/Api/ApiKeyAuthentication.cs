using System.Security.Claims;
using System.Text.Encodings.Web;
using AIX.Core.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AIX.Web.Api;

/// <summary><c>Authorization: Bearer KEY</c>; for the hub's WebSocket, which cannot set headers in browsers, also <c>?access_token=KEY</c>.</summary>
internal sealed class ApiKeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IApiKeyStore keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SecretOf(Request) is not { Length: > 0 and < 200 } secret)
        {
            return AuthenticateResult.NoResult();
        }

        if (await keys.AuthenticateAsync(secret, Context.RequestAborted) is not { } key)
        {
            return AuthenticateResult.Fail("The API key is unknown, expired or revoked.");
        }

        Claim[] issuer = key.IssuedBy is { } person ? [new(Claims.Issuer, person.ToString())] : [];
        var identity = new ClaimsIdentity(
            [new Claim(Claims.Tenant, key.TenantId.ToString()), new Claim(Claims.Key, key.KeyId.ToString()), .. issuer, .. key.Permissions.Select(p => new Claim(Claims.Permission, p))], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(Context, StatusCodes.Status401Unauthorized, "unauthorized", "Send a valid API key as “Authorization: Bearer KEY”. The one given is missing, unknown, expired or revoked.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.WriteAsync(Context, StatusCodes.Status403Forbidden, "forbidden", "The API key does not have the permission for this; issue one that does, under Settings.");

    private static string? SecretOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim()
            : request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal) ? request.Query["access_token"].ToString()
            : null;
    }
}
