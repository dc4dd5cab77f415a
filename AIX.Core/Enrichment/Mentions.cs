using AIX.Core.Companies;

namespace AIX.Core.Enrichment;

/// <summary>What leads say of their companies: name, host, and registration numbers found by their shape in any column.</summary>
internal static class Mentions
{
    /// <summary>Where the permanent account number stands in a GSTIN.</summary>
    private static readonly Range TaxId = 2..12;

    public static CompanyMention Of(LeadForEnrichment lead, int thisYear)
    {
        string? tax = null, cin = null;
        foreach (var text in OfflineSources.Texts(lead.Attributes))
        {
            tax ??= IndianRegistry.ReadGstin(text)?.Number[TaxId];
            cin ??= IndianRegistry.ReadCin(text, thisYear)?.Number;
        }

        return new CompanyMention(lead.Id, lead.Company, lead.Domain, tax, cin);
    }
}
