namespace AIX.Core.Enrichment;

/// <summary>How much a source was right and wrong about an attribute, in claims.</summary>
public sealed record ReliabilityGain(string Source, string Attribute, double Seed, double Right, double Wrong);

/// <summary>What sources' agreement about leads says of the sources.</summary>
public static class LearnReliability
{
    /// <param name="said">Per lead and attribute, everything that is claimed.</param>
    /// <returns>One gain per source and attribute, ordered by both, so that writers who meet do so in one order.</returns>
    public static IReadOnlyList<ReliabilityGain> Of(IEnumerable<(string Attribute, IReadOnlyList<Claim> Claims)> said, DateTimeOffset now)
    {
        var gains = new SortedDictionary<(string Source, string Attribute), ReliabilityGain>();
        foreach (var (attribute, claims) in said)
        {
            var agreement = Fusion.Agreement(attribute, claims, now);
            for (var k = 0; k < claims.Count; k++)
            {
                if (agreement[k] is { } right && claims[k].Source != LeadFact.Person)
                {
                    var key = (claims[k].Source, attribute);
                    var gain = gains.TryGetValue(key, out var known) ? known : new ReliabilityGain(claims[k].Source, attribute, claims[k].Reliability / claims[k].Confidence, 0, 0);
                    gains[key] = gain with { Right = gain.Right + right, Wrong = gain.Wrong + 1 - right };
                }
            }
        }

        return [.. gains.Values];
    }
}

/// <summary>What a tenant's leads have taught about a source.</summary>
public sealed class LearnedReliability : Tenancy.ITenantOwned
{
    public required Tenancy.TenantId TenantId { get; init; }

    public required string Source { get; init; }

    public required string Attribute { get; init; }

    /// <summary>See <see cref="SourceReliability"/>.</summary>
    public required double Alpha { get; init; }

    public required double Beta { get; init; }
}
