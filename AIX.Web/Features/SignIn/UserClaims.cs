using System.Security.Claims;
using AIX.Core.Users;
using AIX.Web.Api;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AIX.Web.Features.SignIn;

/// <summary>Adds tenant, role and permissions to the cookie.</summary>
internal sealed class UserClaims(UserManager<User> users, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<User>(users, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(User user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(Claims.Tenant, user.TenantId.ToString()));
        identity.AddClaim(new Claim(ClaimTypes.GivenName, user.DisplayName));
        identity.AddClaim(new Claim(Claims.Role, user.Role.ToString()));
        identity.AddClaims(Roles.PermissionsOf(user.Role).Select(p => new Claim(Claims.Permission, p)));
        return identity;
    }
}

/// <summary>A demo account on the sign-in page.</summary>
public sealed record DemoSignIn(string Tenant, string Role, string Email, string Password);

/// <summary>Empty outside Development.</summary>
public sealed record DemoAccounts(IReadOnlyList<DemoSignIn> Items);
