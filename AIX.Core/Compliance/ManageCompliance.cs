using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Compliance;

/// <summary>What people and programs do to the tenant's own rules, its consents and its list of those that are never contacted. Each act is in the audit log, without the address.</summary>
public sealed class ManageCompliance(IComplianceStore store, IContactHistory history, ITenantStore tenants, TakeComplianceFile files, ICallGate gate, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    /// <summary>The rules that hold for the tenant now.</summary>
    public async Task<RulePack> PackAsync(TenantId tenant, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        return await gate.PackAsync(work, ct);
    }

    /// <returns>The new version of the tenant's rules.</returns>
    public async Task<Result<int>> TightenAsync(TenantId tenant, Actor actor, Tightening own, CancellationToken ct)
    {
        if (own.Check(RulePack.Shipped.Countries[0]) is { } wrong)
        {
            return wrong;
        }

        await using var work = await works.BeginAsync(tenant, ct);
        var version = await store.SaveTighteningAsync(work, JsonSerializer.Serialize(own, RulePack.Json), actor.Id, time.GetUtcNow(), ct);
        work.Raise(new ComplianceChanged(tenant));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "compliance.tightened", new { version, own }, ct);
        return version;
    }

    public async Task<Result<string>> SuppressAsync(TenantId tenant, Actor actor, string address, string reason, CancellationToken ct)
    {
        if (TakeComplianceFile.AddressOf(address) is not { } clean)
        {
            return new Error(ErrorKind.Invalid, "invalid-address", "That is no phone number with country code and no e-mail address.", "address");
        }

        await using var work = await works.BeginAsync(tenant, ct);
        await store.SuppressAsync(work, [new Suppression { TenantId = tenant, Number = clean, Reason = reason, At = time.GetUtcNow() }], ct);
        work.Raise(new ComplianceChanged(tenant));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "compliance.suppressed", new { reason }, ct);
        return clean;
    }

    /// <summary>The person behind an address wants no more of anything.</summary>
    /// <param name="reason"><c>unsubscribed</c>.</param>
    public async Task OptOutAsync(TenantId tenant, string address, string reason, CancellationToken ct)
    {
        // Who has the address is found by its index; the address itself may not even be a lead's any more.
        using var keys = new ContactKeys((await tenants.GetAsync(tenant, ct)).BlindIndexKey);
        await using var work = await works.BeginAsync(tenant, ct);
        var contact = address.Contains('@', StringComparison.Ordinal) ? keys.OfEmail(address) : keys.OfPhone(address);
        await history.OptOutAsync(work, new Suppression { TenantId = tenant, Number = address, Reason = reason, At = time.GetUtcNow() }, null, contact, ct);
        work.Raise(new ComplianceChanged(tenant));
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, Actor.System, "compliance.suppressed", new { reason }, ct);
    }

    /// <summary>A consent that was given or withdrawn.</summary>
    /// <param name="fields">As in a consent file: address, channel, purpose, basis, action, date, evidence, category, expires.</param>
    public async Task<Result<FileTaken>> ConsentAsync(TenantId tenant, Actor actor, IReadOnlyList<IReadOnlyDictionary<string, string>> fields, CancellationToken ct)
    {
        // One way in: what the API gives is read like a file, with the same refusals.
        var names = new[] { "address", "channel", "purpose", "basis", "action", "date", "evidence", "category", "expires" };
        var text = new System.Text.StringBuilder(string.Join(',', names)).Append('\n');
        foreach (var row in fields)
        {
            text.AppendJoin(',', names.Select(n => "\"" + (row.GetValueOrDefault(n) ?? "").Replace("\"", "\"\"", StringComparison.Ordinal).ReplaceLineEndings(" ") + "\"")).Append('\n');
        }

        return await files.ExecuteAsync(tenant, actor, "consent", "api", System.Text.Encoding.UTF8.GetBytes(text.ToString()), null, ct);
    }
}
