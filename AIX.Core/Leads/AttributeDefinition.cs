using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

public enum AttributeType
{
    Text,
    Number,
    Boolean,
    Date,
    List,
}

/// <summary>A custom attribute that some import or call brought, with its inferred type.</summary>
public sealed class AttributeDefinition : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required string Key { get; init; }

    public required AttributeType Type { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
