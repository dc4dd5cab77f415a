using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Web.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR;

namespace AIX.Web.Live;

/// <summary>Events for clients outside the program. Each connection hears its own tenant: method <c>event</c>, arguments name and payload.</summary>
[Authorize(AuthenticationSchemes = $"{ApiKeyAuthentication.SchemeName},Identity.Application")]
internal sealed class LiveHub : Hub
{
    public override async Task OnConnectedAsync()
    {
        if (Context.User is not { } user || Claims.TenantOf(user) is not { } tenant || !user.May(Permission.LeadsRead))
        {
            Context.Abort();
            return;
        }

        await Groups.AddToGroupAsync(Context.ConnectionId, GroupOf(tenant));
    }

    public static string GroupOf(TenantId tenant) => $"tenant-{tenant}";
}

/// <summary>Hands every event to the tenant's group.</summary>
internal sealed class LiveHubRelay(ILiveFeed feed, IHubContext<LiveHub> hub) : IHostedService
{
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = feed.Subscribe(null, e => _ = hub.Clients.Group(LiveHub.GroupOf(e.TenantId)).SendAsync("event", e.Name, (object)e, CancellationToken.None));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }
}
