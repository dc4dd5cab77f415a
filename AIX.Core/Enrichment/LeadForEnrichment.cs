namespace AIX.Core.Enrichment;

/// <summary>What the offline sources look at.</summary>
internal sealed record LeadForEnrichment(Guid Id, string? Email, string? Phone, string? Company, string? Domain, string? Country);

/// <summary>A value found by a source, before it is stored.</summary>
internal sealed record FoundFact(Guid LeadId, string Attribute, string Value, string Source, double Reliability);
