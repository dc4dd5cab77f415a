using System.Security.Cryptography;
using System.Text;
using AIX.Core.Tenancy;

namespace AIX.Core.Companies;

/// <summary>What a lead says of its company.</summary>
public sealed record CompanyMention(Guid LeadId, string? Name, string? Domain, string? TaxId, string? Cin)
{
    public string? NameKey { get; } = CompanyName.Key(Name);

    /// <summary>The surest first.</summary>
    public IEnumerable<(CompanyKeyKind Kind, string Value)> Keys
    {
        get
        {
            if (Cin is not null)
            {
                yield return (CompanyKeyKind.Cin, Cin);
            }

            if (TaxId is not null)
            {
                yield return (CompanyKeyKind.TaxId, TaxId);
            }

            if (Domain is not null)
            {
                yield return (CompanyKeyKind.Domain, Domain);
            }

            if (NameKey is { } key)
            {
                yield return (CompanyKeyKind.Name, key);
                yield return (CompanyKeyKind.Stem, Stem(key));
            }
        }
    }

    /// <summary>Id of the company that this mention founds where it fits none: made from its surest key, so that two workers who found the same one give it the same id.</summary>
    public Guid NewId(TenantId tenant)
    {
        var (kind, value) = Keys.First();
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant.Value}/{(int)kind}/{value}"), hash);
        hash[7] = (byte)((hash[7] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16]);
    }

    private static string Stem(string key)
    {
        var first = key.IndexOf(' ', StringComparison.Ordinal);
        var second = first < 0 ? -1 : key.IndexOf(' ', first + 1);
        return second < 0 ? key : key[..second];
    }
}

/// <summary>A company that a mention may mean, with all that it is told by.</summary>
public sealed record CompanyCandidate(Guid Id, string Name, IReadOnlyList<(CompanyKeyKind Kind, string Value)> Keys);

/// <summary>What a mention was held to mean.</summary>
/// <param name="IsNew">It fits none that is known.</param>
public sealed record CompanyResolution(CompanyMention Mention, Guid CompanyId, bool IsNew, double Confidence, string Evidence, IReadOnlyList<RejectedCompany> Rejected)
{
    /// <summary>Sure enough that what the lead says of its company is kept as the company's own.</summary>
    public bool TeachesKeys => IsNew || Confidence >= 0.9;
}
