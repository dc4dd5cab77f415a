using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Database;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Users;

/// <summary>ASP.NET Core Identity's store. Look-ups by e-mail or id happen before the tenant is known: the front's role finds the tenant, and
/// everything else works inside it.</summary>
internal sealed class UserStore(DataSources sources) : IUserPasswordStore<User>, IUserEmailStore<User>, IUserLockoutStore<User>, IUserSecurityStampStore<User>
{
    public async Task<User?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        await FindAsync("normalized_email = $1", normalizedEmail, cancellationToken);

    public async Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var id) ? await FindAsync("id = $1", id, cancellationToken) : null;

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => FindByEmailAsync(normalizedUserName, cancellationToken);

    public async Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken)
    {
        await using var db = sources.Context(user.TenantId);
        db.Add(user);
        await db.SaveChangesAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        await using var db = sources.Context(user.TenantId);
        db.Update(user);
        await db.SaveChangesAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public async Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken)
    {
        await using var db = sources.Context(user.TenantId);
        db.Remove(user);
        await db.SaveChangesAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => Done(() => user.SetEmail(userName ?? user.Email, null));

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) => Done(() => user.SetEmail(user.Email, normalizedName));

    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken) => Done(() => user.SetPasswordHash(passwordHash));

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetEmailAsync(User user, string? email, CancellationToken cancellationToken) => Done(() => user.SetEmail(email ?? user.Email, null));

    public Task<string?> GetEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task<bool> GetEmailConfirmedAsync(User user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetEmailConfirmedAsync(User user, bool confirmed, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> GetNormalizedEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    public Task SetNormalizedEmailAsync(User user, string? normalizedEmail, CancellationToken cancellationToken) => Done(() => user.SetEmail(user.Email, normalizedEmail));

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnd);

    public Task SetLockoutEndDateAsync(User user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) => Done(() => user.SetLockoutEnd(lockoutEnd));

    public Task<int> IncrementAccessFailedCountAsync(User user, CancellationToken cancellationToken)
    {
        user.SetAccessFailedCount(user.AccessFailedCount + 1);
        return Task.FromResult(user.AccessFailedCount);
    }

    public Task ResetAccessFailedCountAsync(User user, CancellationToken cancellationToken) => Done(() => user.SetAccessFailedCount(0));

    public Task<int> GetAccessFailedCountAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.AccessFailedCount);

    public Task<bool> GetLockoutEnabledAsync(User user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetLockoutEnabledAsync(User user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetSecurityStampAsync(User user, string stamp, CancellationToken cancellationToken) => Done(() => user.SetSecurityStamp(stamp));

    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public void Dispose()
    {
        // The data sources belong to the program.
    }

    private async Task<User?> FindAsync(string condition, object value, CancellationToken ct)
    {
        TenantId tenant;
        Guid id;
        await using (var connection = await sources.Front.OpenConnectionAsync(ct))
        {
            await using var command = connection.Command($"SELECT tenant_id, id FROM aix.users WHERE {condition}", value);
            await using var reader = await command.ExecuteReaderAsync(ct);
            if (!await reader.ReadAsync(ct))
            {
                return null;
            }

            (tenant, id) = (new TenantId(reader.GetGuid(0)), reader.GetGuid(1));
        }

        await using var db = sources.Context(tenant);
        return await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(u => u.Id == id, ct);
    }

    private static Task Done(Action change)
    {
        change();
        return Task.CompletedTask;
    }
}
