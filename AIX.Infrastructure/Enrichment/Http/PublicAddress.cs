using System.Net;
using System.Net.Sockets;

namespace AIX.Infrastructure.Enrichment.Http;

/// <summary>Tells addresses of the public Internet from those that a stranger's page must not lead this program to (IANA special-purpose registries, RFC 6890).</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Special =
    [
        .. "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4".Split(' ').Select(IPNetwork.Parse),
        .. "::/128 ::1/128 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8".Split(' ').Select(IPNetwork.Parse),
    ];

    /// <summary>Prefixes that carry an IPv4 address: compatible, NAT64, 6to4, with where it stands.</summary>
    private static readonly (IPNetwork Prefix, int At)[] Carriers = [(IPNetwork.Parse("::/96"), 12), (IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2)];

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Is(address.MapToIPv4());
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // A scope says "on this link".
            if (address.ScopeId != 0)
            {
                return false;
            }

            foreach (var (prefix, at) in Carriers)
            {
                if (prefix.Contains(address) && !Is(new IPAddress(address.GetAddressBytes().AsSpan(at, 4))))
                {
                    return false;
                }
            }
        }

        return !Array.Exists(Special, s => s.BaseAddress.AddressFamily == address.AddressFamily && s.Contains(address));
    }
}
