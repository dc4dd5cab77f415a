using System.Text.Json;
using AIX.Core.Companies;
using AIX.Core.Enrichment;
using AIX.Core.Scoring;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Scoring;

/// <summary>What is known of the company that a lead works at.</summary>
internal static class CompanyFacts
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    /// <summary>The newest word of each source on each attribute, as sure as it is that this is the company; news each by themselves.</summary>
    public static async Task<IEnumerable<Fact>> OfAsync(AixDbContext db, Guid lead, Func<string, string, double, double> reliability, CancellationToken ct)
    {
        var facts = await db.Set<LeadCompany>().Where(l => l.LeadId == lead).Join(db.Set<CompanyFact>(), l => l.CompanyId, f => f.CompanyId, (l, f) => new { l.Confidence, Fact = f }).AsNoTracking().ToListAsync(ct);
        return facts.GroupBy(f => (f.Fact.Attribute, f.Fact.Source)).SelectMany(g =>
        {
            var newest = g.Max(f => f.Fact.RecordedAt);
            return g.Select(f => new Fact(
                f.Fact.Id, f.Fact.Attribute, f.Fact.Value, f.Fact.Source, f.Fact.ObservedAt, f.Confidence * reliability(f.Fact.Source, f.Fact.Attribute, f.Fact.Reliability), Superseded: f.Fact.RecordedAt < newest)
            { Url = f.Fact.Url, IsOfCompany = true });
        });
    }

    public static async Task<CompanyDetail?> DetailAsync(AixDbContext db, Guid lead, CancellationToken ct)
    {
        var link = await db.Set<LeadCompany>().AsNoTracking().Where(l => l.LeadId == lead).Join(db.Set<Company>(), l => l.CompanyId, c => c.Id, (l, c) => new { Link = l, c.Name }).FirstOrDefaultAsync(ct);
        if (link is null)
        {
            return null;
        }

        var company = link.Link.CompanyId;
        var plan = await db.Set<EnrichmentPlan>().AsNoTracking().FirstOrDefaultAsync(p => p.CompanyId == company, ct);
        var others = await db.Set<LeadCompany>().CountAsync(l => l.CompanyId == company && l.LeadId != lead, ct);
        var spent = await db.Set<SourceCall>().Where(c => c.CompanyId == company).SumAsync(c => c.Cost, ct);
        return new CompanyDetail(
            company, link.Name, link.Link.Confidence, [.. link.Link.Evidence.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<CompanyKeyKind>)],
            JsonSerializer.Deserialize<List<RejectedCompany>>(link.Link.Rejected, Json)!, others, plan?.At, plan is null ? [] : JsonSerializer.Deserialize<List<PlanStep>>(plan.Steps, Json)!, spent);
    }
}
