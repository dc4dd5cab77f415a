using AIX.Core.Enrichment;

namespace AIX.Infrastructure.Enrichment.Public;

/// <summary>What a domain's MX and TXT records tell: who carries its mail, and which services have had it prove that it owns the domain.</summary>
internal sealed class DnsSource(DnsResolver resolver) : IEnrichmentSource
{
    public SourceDescription Description { get; } = new("dns", "DNS records", SourceCategory.Technographic, ["emailProvider", "technologies"], 0, false, 50, 0.9, 0.9, NeedsKey: false, TimeSpan.FromDays(30));

    public bool CanAsk(SourceQuestion question) => question.Domain is not null;

    public async Task<SourceAnswer> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        var domain = question.Domain!;
        var (mx, txt) = (await resolver.ResolveAsync(domain, DnsResolver.Mx, ct), await resolver.ResolveAsync(domain, DnsResolver.Txt, ct));
        var found = TechnologyDetector.Default.Detect(new PageEvidence { Dns = new Dictionary<string, string[]> { ["mx"] = [.. mx], ["txt"] = [.. txt] } });
        var values = new List<SourcedValue>();
        if (found.FirstOrDefault(f => f.Categories.Contains("Email provider")) is { } provider)
        {
            values.Add(new SourcedValue("emailProvider", provider.Name, $"dns:{domain}"));
        }

        if (found.Count > 0)
        {
            values.Add(new SourcedValue("technologies", string.Join(", ", found.Select(f => f.Name)), $"dns:{domain}"));
        }

        return SourceAnswer.Found(values);
    }
}
