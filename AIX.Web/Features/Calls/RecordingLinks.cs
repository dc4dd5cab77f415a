using System.Security.Cryptography;
using AIX.Core.Tenancy;
using Microsoft.AspNetCore.DataProtection;

namespace AIX.Web.Features.Calls;

/// <summary>Links to recordings that hold for ten minutes: signed, for one call of one organisation.</summary>
public sealed class RecordingLinks(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("AIX.RecordingLink.v1").ToTimeLimitedDataProtector();

    public string Make(TenantId tenant, Guid call, Guid user) => $"/app/recordings/{_protector.Protect($"{tenant.Value:N}{call:N}{user:N}", Lifetime)}";

    /// <returns>Null for a link that was forged or whose time is over.</returns>
    public (TenantId Tenant, Guid Call, Guid User)? Read(string token)
    {
        try
        {
            return _protector.Unprotect(token) is { Length: 96 } text ? (new TenantId(Guid.ParseExact(text[..32], "N")), Guid.ParseExact(text[32..64], "N"), Guid.ParseExact(text[64..], "N")) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
