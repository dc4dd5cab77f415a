using AIX.Core.Tenancy;
using AIX.Web.Api;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AIX.Web.Shell;

/// <summary>A circuit works for its user's tenant from its first render on.</summary>
internal sealed class TenantCircuit(AuthenticationStateProvider authentication, CurrentTenant current, CurrentUser user) : CircuitHandler
{
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        if (Claims.TenantOf(state.User) is { } tenant)
        {
            current.Set(tenant);
            user.Set(state.User);
        }
    }
}
