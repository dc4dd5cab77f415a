using System.Security.Cryptography;
using System.Text.Json;
using AIX.Core.Leads;
using AIX.Core.Profiles;
using AIX.Core.Routing;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Database;
using AIX.Infrastructure.Profiles;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Tenancy;

/// <summary>Creates tenants with all that they need from the first minute: settings, a default profile, a web form. Works as the owner, because a new tenant has nobody to work for it yet.</summary>
public sealed class TenantProvisioner(DataSources sources, TimeProvider time)
{
    public async Task<TenantId> CreateAsync(string name, string slug, string? formKey, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var id = new TenantId(Guid.CreateVersion7(now));
        await using var db = sources.OwnerContext(id);
        db.Add(new Tenant(id, name, slug, RandomNumberGenerator.GetBytes(32), now));
        db.Add(new IcpVersion { TenantId = id, Version = 1, Document = JsonSerializer.Serialize(new IdealCustomerProfile { Version = 1 }, ProfileStore.Json), CreatedAt = now });
        db.Add(new WebForm { TenantId = id, Id = Guid.CreateVersion7(now), Key = formKey ?? "form_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), Name = "Website form", CreatedAt = now });
        db.Add(HotLeadsInTurn(id, Guid.CreateVersion7(now)));
        await db.SaveChangesAsync(ct);
        return id;
    }

    /// <summary>The rule that every tenant begins with.</summary>
    private static RoutingRule HotLeadsInTurn(TenantId tenant, Guid id) => new()
    {
        TenantId = tenant,
        Id = id,
        Position = 0,
        Name = "Hot leads to agents in turn",
        Enabled = true,
        Document = JsonSerializer.Serialize(new RuleDocument { Conditions = [new RuleCondition("band", RuleOperator.Is, "hot")], Assign = AssignTo.InTurn }, ManageRules.Json),
    };

    public async Task<TenantId?> FindAsync(string slug, CancellationToken ct)
    {
        await using var db = sources.OwnerContext();
        var found = await db.Set<Tenant>().IgnoreQueryFilters([AixDbContext.TenantFilter]).Where(t => t.Slug == slug).Select(t => (Guid?)t.TenantId.Value).FirstOrDefaultAsync(ct);
        return found is { } id ? new TenantId(id) : null;
    }

    public async Task AddUserAsync(TenantId tenant, string email, string displayName, Role role, string password, CancellationToken ct)
    {
        var user = new User(tenant, Guid.CreateVersion7(time.GetUtcNow()), email, displayName, role);
        user.SetPasswordHash(new PasswordHasher<User>().HashPassword(user, password));
        user.SetSecurityStamp(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)));
        await using var db = sources.OwnerContext(tenant);
        db.Add(user);
        await db.SaveChangesAsync(ct);
    }

    public async Task AddApiKeyAsync(TenantId tenant, string name, string secret, IEnumerable<string> permissions, DateTimeOffset? expiresAt, CancellationToken ct)
    {
        await using var db = sources.OwnerContext(tenant);
        db.Add(new ApiKey(tenant, Guid.CreateVersion7(time.GetUtcNow()), name, secret, permissions, time.GetUtcNow(), expiresAt));
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Removes keys by their secrets, in whatever tenant they are.</summary>
    public async Task RemoveApiKeysAsync(IEnumerable<string> secrets, CancellationToken ct)
    {
        var hashes = secrets.Select(ApiKey.HashOf).ToList();
        await using var db = sources.OwnerContext();
        await db.Set<ApiKey>().IgnoreQueryFilters([AixDbContext.TenantFilter]).Where(k => hashes.Contains(k.Hash)).ExecuteDeleteAsync(ct);
    }
}
