using System.Globalization;
using System.Text.Json;
using AIX.Core.Enrichment;
using AIX.Core.Leads;
using AIX.Core.Profiles;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Scoring;

/// <summary>One lead with everything known; the ledger is computed here, from the stored snapshot and the profile version of the score.</summary>
internal sealed class LeadDetailQueries(DataSources sources, ICurrentTenant current, ILeadQueries leads, IProfileStore profiles, IServingModels models) : ILeadDetailQueries
{
    public async Task<LeadDetail?> GetAsync(Guid id, CancellationToken ct)
    {
        if (await leads.RowsAsync([id], ct) is not [var row])
        {
            return null;
        }

        await using var db = sources.Context(current.Id ?? default);
        var lead = await db.Set<Lead>().AsNoTracking().FirstAsync(l => l.Id == id, ct);
        var contacts = await db.Set<ContactPoint>().Where(c => c.LeadId == id).OrderBy(c => c.Kind).ThenBy(c => c.Position).Select(c => new ContactDetail(c.Kind, c.Value, c.Line, c.Flag)).ToListAsync(ct);
        var externalIds = await db.Set<ExternalRef>().Where(r => r.LeadId == id).Select(r => r.ExternalId).ToListAsync(ct);
        var stored = await db.Set<LeadFact>().AsNoTracking().Where(f => f.LeadId == id).ToListAsync(ct);
        var scores = await db.Set<LeadScore>().AsNoTracking().Where(s => s.LeadId == id).OrderByDescending(s => s.At).ThenByDescending(s => s.RunId).Take(50).ToListAsync(ct);
        var outcomes = await db.Set<LeadOutcome>().AsNoTracking().Where(o => o.LeadId == id).ToListAsync(ct);
        var changes = await db.Set<ImportChange>().Where(c => c.LeadId == id).Join(db.Set<ImportBatch>(), c => c.ImportId, i => i.Id, (c, i) => new { i.FileName, i.StartedAt }).ToListAsync(ct);

        var sourceNames = await SourceNamesAsync(db, lead, ct);
        // A value that was replaced and has come back (by an undo) stands under its one id.
        var standing = IntakeFacts.Of(lead, contacts, externalIds, sourceNames).ToList();
        var learned = await db.Set<LearnedReliability>().ToDictionaryAsync(r => (r.Source, r.Attribute), r => r.Alpha / (r.Alpha + r.Beta), ct);
        double Reliability(string source, string attribute, double seed) => learned.TryGetValue((source, attribute), out var mean) ? mean : seed;
        var facts = standing.Select(f => f with { Reliability = Reliability(LeadForScoring.OwnSource, f.Attribute, f.Reliability) })
            .Concat(stored.Where(f => standing.TrueForAll(s => s.Id != f.Id)).Select(f => new Fact(f.Id, f.Attribute, f.Value, f.Source, f.ObservedAt, Reliability(f.Source, f.Attribute, f.Reliability), f.Superseded)))
            .Concat(await CompanyFacts.OfAsync(db, id, Reliability, ct))
            .Concat(await ActionsAsync(db, id, scores.FirstOrDefault()?.At, ct))
            .OrderBy(f => f.Superseded).ThenBy(f => f.Attribute, StringComparer.Ordinal)
            .ToList();

        var (ledger, unknown) = scores.FirstOrDefault() is { } latest ? await LedgerAsync(db, latest, ct) : (null, []);
        var history = scores.Select(s => new HistoryEntry(s.At, "scored", null, s.Probability, s.Low, s.High, null, s.ModelVersion, s.IcpVersion))
            .Concat(outcomes.Select(o => new HistoryEntry(o.OccurredAt, "outcome", o.Result.ToString().ToLowerInvariant())))
            .Concat(changes.Select(c => new HistoryEntry(c.StartedAt ?? lead.RecordedAt, "changed", c.FileName)))
            .Append(new HistoryEntry(lead.RecordedAt, "received", sourceNames.GetValueOrDefault(lead.SourceId ?? Guid.Empty, lead.SourceKind.ToString())))
            .OrderByDescending(h => h.At)
            .ToList();
        return new LeadDetail(row, lead.Domain, contacts, externalIds, JsonDocument.Parse(lead.Attributes).RootElement, sourceNames.GetValueOrDefault(lead.SourceId ?? Guid.Empty, lead.SourceKind.ToString()), lead.RecordedAt, facts, ledger, history) { Unknown = unknown, Company = await CompanyFacts.DetailAsync(db, id, ct) };
    }

    /// <summary>How often the lead did something in the 90 days before its score, as facts.</summary>
    private static async Task<IEnumerable<Fact>> ActionsAsync(AixDbContext db, Guid lead, DateTimeOffset? scoredAt, CancellationToken ct)
    {
        if (scoredAt is not { } at)
        {
            return [];
        }

        var since = at.AddDays(-FeatureExtractor.Recent);
        var kinds = await db.Set<Core.Engagement.EngagementEvent>().Where(e => e.LeadId == lead && e.At <= at).GroupBy(e => e.Kind).Select(g => new { g.Key, Count = g.Count(e => e.At > since), Last = g.Max(e => e.At) }).ToListAsync(ct);
        return kinds.Select(k => new Fact(FeatureExtractor.ActionFact(lead, k.Key), $"engagement.{k.Key}", k.Count.ToString(CultureInfo.InvariantCulture), LeadFact.Engagement, k.Last, 0.99));
    }

    private async Task<(Ledger? Ledger, IReadOnlyList<UnknownFeature> Unknown)> LedgerAsync(AixDbContext db, LeadScore score, CancellationToken ct)
    {
        if (await db.Set<FeatureSnapshot>().Where(s => s.RunId == score.Snapshot).Select(s => s.Features).FirstOrDefaultAsync(ct) is not { } snapshot)
        {
            return (null, []);
        }

        var features = SnapshotCodec.Read(snapshot);
        var result = new ScoreResult(Math.Log(score.Probability / (1 - score.Probability)), score.Probability, score.Low, score.High);
        if (score.ModelVersion != ProfileModel.ModelVersion)
        {
            return await models.FindAsync(db.Tenant, score.ModelVersion, ct) is { } served ? (Ledger.Of(features, served.Model, score.At), Imputation.Of(features, served.Model, score.At, result)) : (null, []);
        }

        return await profiles.FindAsync(db.Tenant, score.IcpVersion, ct) is { } icp ? (Ledger.Of(features, icp), Imputation.Of(features, icp, result)) : (null, []);
    }

    /// <summary>Names of the imports, keys and forms that this lead's values came through.</summary>
    private static async Task<Dictionary<Guid, string>> SourceNamesAsync(AixDbContext db, Lead lead, CancellationToken ct)
    {
        var ids = IntakeFacts.OriginsOf(lead).Values.Append(lead.SourceId ?? Guid.Empty).Distinct().ToList();
        var imports = await db.Set<ImportBatch>().Where(i => ids.Contains(i.Id)).Select(i => new { i.Id, Name = i.FileName }).ToListAsync(ct);
        var forms = await db.Set<WebForm>().Where(f => ids.Contains(f.Id)).Select(f => new { f.Id, f.Name }).ToListAsync(ct);
        var keys = await db.Set<Core.Users.ApiKey>().Where(k => ids.Contains(k.Id)).Select(k => new { k.Id, Name = "API, " + k.Name }).ToListAsync(ct);
        return imports.Concat(forms).Concat(keys).ToDictionary(n => n.Id, n => n.Name);
    }
}

/// <summary>The facts that stand in the lead's own row, with the ids under which ledger and rationale cite them.</summary>
internal static class IntakeFacts
{
    private const double Reliability = 0.8;

    public static IReadOnlyDictionary<string, Guid> OriginsOf(Lead lead) =>
        lead.Origins is null ? new Dictionary<string, Guid>() : JsonSerializer.Deserialize<Dictionary<string, Guid>>(lead.Origins)!;

    public static IEnumerable<Fact> Of(Lead lead, IReadOnlyList<ContactDetail> contacts, IReadOnlyList<string> externalIds, IReadOnlyDictionary<Guid, string> sourceNames)
    {
        var origins = OriginsOf(lead);
        Fact Make(string attribute, string value, double reliability = Reliability)
        {
            var origin = origins.TryGetValue(attribute, out var later) ? later : lead.SourceId;
            var source = sourceNames.GetValueOrDefault(origin ?? Guid.Empty, lead.SourceKind.ToString());
            return new Fact(FactId.Of(lead.Id, attribute, origin), attribute, value, source, lead.RecordedAt, reliability);
        }

        foreach (var (attribute, value) in new[] { ("name", lead.Name), ("company", lead.Company), ("website", lead.Domain), ("title", lead.Title), ("city", lead.City), ("country", lead.Country) })
        {
            if (value is not null)
            {
                yield return Make(attribute, value);
            }
        }

        foreach (var kind in contacts.GroupBy(c => c.Kind))
        {
            var first = kind.First();
            yield return Make(kind.Key == ContactKind.Email ? "email" : "phone", first.Value, first.Flag is null ? Reliability : 0.05);
        }

        if (externalIds.Count > 0)
        {
            yield return Make("externalId", externalIds[0]);
        }

        foreach (var attribute in JsonDocument.Parse(lead.Attributes).RootElement.EnumerateObject())
        {
            yield return Make(attribute.Name, Text(attribute.Value));
        }

        yield return Make("receivedVia", sourceNames.GetValueOrDefault(lead.SourceId ?? Guid.Empty, lead.SourceKind.ToString()), 0.99);
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetDouble().ToString("0.######", CultureInfo.InvariantCulture),
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(v => v.ToString())),
        _ => value.GetRawText(),
    };
}
