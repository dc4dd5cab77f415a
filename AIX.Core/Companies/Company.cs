using AIX.Core.Tenancy;

namespace AIX.Core.Companies;

/// <summary>What a company can be told by, the surest first.</summary>
public enum CompanyKeyKind
{
    /// <summary>Corporate identity number.</summary>
    Cin,

    /// <summary>Permanent account number, the ten characters inside a GSTIN: one legal entity, whatever the state.</summary>
    TaxId,

    /// <summary>Host without <c>www.</c>, lower-case.</summary>
    Domain,

    /// <summary><see cref="CompanyName.Key"/>.</summary>
    Name,

    /// <summary>First two words of the name's key: finds candidates, proves nothing.</summary>
    Stem,
}

/// <summary>An account: the company that leads work at, shared by all of them inside a tenant.</summary>
public sealed class Company : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid Id { get; init; }

    /// <summary>As it was first written; the domain where no name is known.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>Something that a company is told by.</summary>
public sealed class CompanyKey : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required CompanyKeyKind Kind { get; init; }

    public required string Value { get; init; }

    public required Guid CompanyId { get; init; }
}

/// <summary>Which company a lead is held to work at, and how sure that is.</summary>
public sealed class LeadCompany : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required Guid LeadId { get; init; }

    public required Guid CompanyId { get; init; }

    /// <summary>Probability that it is the right one, in (0, 1).</summary>
    public required double Confidence { get; init; }

    /// <summary>What spoke for it: names of <see cref="CompanyKeyKind"/>, separated by commas; empty for a company that was new.</summary>
    public required string Evidence { get; init; }

    /// <summary>JSON array of <see cref="RejectedCompany"/>.</summary>
    public required string Rejected { get; init; }

    public required DateTimeOffset ResolvedAt { get; init; }
}

/// <summary>A company that it might have been.</summary>
public sealed record RejectedCompany(Guid CompanyId, string Name, double Confidence);
