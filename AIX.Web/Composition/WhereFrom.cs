using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Claims = AIX.Web.Api.Claims;

namespace AIX.Web.Composition;

/// <summary>Says of everybody who is signed in where the request came from, for the audit log; a circuit keeps it from its connection.</summary>
internal sealed class WhereFrom(IHttpContextAccessor requests) : IClaimsTransformation
{
    public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        if (!principal.HasClaim(c => c.Type == Claims.From) && requests.HttpContext is { } http && Of(http) is { } address)
        {
            principal.AddIdentity(new ClaimsIdentity([new Claim(Claims.From, address)]));
        }

        return Task.FromResult(principal);
    }

    /// <returns>IPv4 as such, also where the socket is of IPv6; null for what has no address.</returns>
    public static string? Of(HttpContext http) => http.Connection.RemoteIpAddress is { } address ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : null;
}
