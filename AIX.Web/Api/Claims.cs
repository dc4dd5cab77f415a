using System.Security.Claims;
using AIX.Core.Auditing;
using AIX.Core.Tenancy;

namespace AIX.Web.Api;

/// <summary>What a signed-in user or an API key carries.</summary>
public static class Claims
{
    public const string Tenant = "aix:tenant";
    public const string Permission = "aix:permission";
    public const string Key = "aix:key";

    /// <summary>The person who issued the key.</summary>
    public const string Issuer = "aix:issuer";

    public const string Role = "aix:role";

    /// <summary>Network address of the request, or of the connection that a circuit came over.</summary>
    public const string From = "aix:from";

    public static TenantId? TenantOf(ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(Tenant), out var id) ? new TenantId(id) : null;

    public static Actor ActorOf(ClaimsPrincipal user)
    {
        var actor = Guid.TryParse(user.FindFirstValue(Key), out var key) ? Actor.ApiKey(key, Guid.TryParse(user.FindFirstValue(Issuer), out var issuer) ? issuer : null)
            : Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? Actor.User(id)
            : Actor.System;
        return actor with { From = user.FindFirstValue(From) };
    }

    public static bool May(this ClaimsPrincipal user, string permission) => user.HasClaim(Permission, permission);
}
