namespace AIX.Core.Enrichment;

/// <summary>What the offline sources look at.</summary>
/// <param name="Attributes">JSON object of the lead's own attributes, UTF-8.</param>
internal sealed record LeadForEnrichment(Guid Id, string? Email, string? Phone, string? Company, string? Domain, string? Country, byte[] Attributes, string? Title = null);

/// <summary>A value found by a source, before it is stored.</summary>
internal sealed record FoundFact(Guid LeadId, string Attribute, string Value, string Source, double Reliability);
