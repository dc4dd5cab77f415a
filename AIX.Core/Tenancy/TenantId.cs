namespace AIX.Core.Tenancy;

/// <summary>The customer organisation that owns a row.</summary>
public readonly record struct TenantId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>Marks a row that belongs to one tenant: it gets the query filter, row-level security and the two-wall test.</summary>
public interface ITenantOwned
{
    TenantId TenantId { get; }
}
