using AIX.Core.Calls;
using AIX.Infrastructure.Calls.Twilio;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AIX.Web.Composition;

/// <summary>The configured address; else the first that the program listens on, which is what the simulator calls.</summary>
internal sealed class PublicAddress(CallOptions options, IServer server) : IPublicAddress
{
    public string Base => options.PublicBaseUrl.Length > 0
        ? options.PublicBaseUrl.TrimEnd('/')
        : (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost").Replace("0.0.0.0", "localhost", StringComparison.Ordinal).Replace("[::]", "localhost", StringComparison.Ordinal).TrimEnd('/');
}

/// <summary>The real clock, moved by a fixed time: a demo at night is told at noon.</summary>
internal sealed class MovedTime(DateTimeOffset start) : TimeProvider
{
    private readonly TimeSpan _by = start - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _by;
}
