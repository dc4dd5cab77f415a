using System.Security.Cryptography;
using System.Text;

namespace AIX.Core.Leads.Intake;

/// <summary>Keyed index of a value: the first 16 bytes of HMAC-SHA256 (RFC 2104) under the tenant's key. Equal values meet, others
/// do not (collision chance 2⁻¹²⁸ a pair), and without the key nothing can be looked up. Keeps its HMAC from value to value; one thread at a time.</summary>
/// <param name="key">32 random bytes.</param>
internal sealed class BlindIndex(byte[] key) : IDisposable
{
    private readonly IncrementalHash _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

    public Guid OfEmail(string email) => Of('e', email, null);

    public Guid OfPhone(string e164) => Of('p', e164, null);

    public Guid OfExternalId(string externalId) => Of('x', externalId, null);

    public Guid OfNameAndHost(string name, string host) => Of('n', name.ToLowerInvariant(), host);

    public void Dispose() => _hmac.Dispose();

    private Guid Of(char kind, string first, string? second)
    {
        Span<byte> input = stackalloc byte[1200];
        input[0] = (byte)kind;
        var length = 1 + Encoding.UTF8.GetBytes(first.AsSpan(0, Math.Min(first.Length, 256)), input[1..]);
        if (second is not null)
        {
            input[length++] = 0;
            length += Encoding.UTF8.GetBytes(second.AsSpan(0, Math.Min(second.Length, 80)), input[length..]);
        }

        _hmac.AppendData(input[..length]);
        Span<byte> hash = stackalloc byte[32];
        _hmac.GetHashAndReset(hash);
        return new Guid(hash[..16]);
    }
}
