using System.Security.Cryptography;
using System.Text;

namespace AIX.Core.Leads.Intake;

/// <summary>Keyed index of a value: the first 16 bytes of HMAC-SHA256 (RFC 2104) under the tenant's key. Equal values meet, others
/// do not (collision chance 2⁻¹²⁸ a pair), and without the key nothing can be looked up.</summary>
internal static class BlindIndex
{
    public static Guid OfEmail(ReadOnlySpan<byte> key, string email) => Of(key, 'e', email, null);

    public static Guid OfPhone(ReadOnlySpan<byte> key, string e164) => Of(key, 'p', e164, null);

    public static Guid OfExternalId(ReadOnlySpan<byte> key, string externalId) => Of(key, 'x', externalId, null);

    public static Guid OfNameAndHost(ReadOnlySpan<byte> key, string name, string host) => Of(key, 'n', name.ToLowerInvariant(), host);

    private static Guid Of(ReadOnlySpan<byte> key, char kind, string first, string? second)
    {
        Span<byte> input = stackalloc byte[1024];
        input[0] = (byte)kind;
        var length = 1 + Encoding.UTF8.GetBytes(first.AsSpan(0, Math.Min(first.Length, 256)), input[1..]);
        if (second is not null)
        {
            input[length++] = 0;
            length += Encoding.UTF8.GetBytes(second.AsSpan(0, Math.Min(second.Length, 80)), input[length..]);
        }

        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(key, input[..length], hash);
        return new Guid(hash[..16]);
    }
}
