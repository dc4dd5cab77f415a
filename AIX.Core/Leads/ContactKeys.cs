using AIX.Core.Leads.Intake;

namespace AIX.Core.Leads;

/// <summary>What leads are found by without reading anybody's address: keyed indexes of phone numbers and e-mail addresses. One thread at a time.</summary>
/// <param name="key">The tenant's key.</param>
internal sealed class ContactKeys(byte[] key) : IDisposable
{
    private readonly BlindIndex _index = new(key);

    /// <param name="e164">As <c>+911111100001</c>.</param>
    public Guid OfPhone(string e164) => _index.OfPhone(e164);

    /// <param name="email">In lower case.</param>
    public Guid OfEmail(string email) => _index.OfEmail(email);

    public void Dispose() => _index.Dispose();
}
