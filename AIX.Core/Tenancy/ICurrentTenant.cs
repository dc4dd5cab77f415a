namespace AIX.Core.Tenancy;

/// <summary>The tenant that the running operation works for. Without one, tenant-owned tables look empty.</summary>
public interface ICurrentTenant
{
    TenantId? Id { get; }
}

/// <summary>Set once per scope: by the sign-in cookie, the API key, the form key or the worker that claimed a batch.</summary>
public sealed class CurrentTenant : ICurrentTenant
{
    public TenantId? Id { get; private set; }

    /// <exception cref="InvalidOperationException">The scope already works for another tenant.</exception>
    public void Set(TenantId id)
    {
        if (Id is { } already && already != id)
        {
            throw new InvalidOperationException("This scope already works for another tenant; open a new scope.");
        }

        Id = id;
    }
}
