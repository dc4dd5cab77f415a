using System.Runtime.CompilerServices;
using AIX.Core.Text;

namespace AIX.Core.Profiles;

/// <summary>Embeddings of a profile's topics, made once per profile.</summary>
public static class ProfileTopics
{
    private static readonly ConditionalWeakTable<IdealCustomerProfile, IReadOnlyList<float[]>> Known = [];

    private static readonly HashedEmbedder Embedder = new();

    public static double? Relevance(IdealCustomerProfile icp, string? text) => icp.Topics.Count == 0 || string.IsNullOrWhiteSpace(text)
        ? null
        : IcpMatch.Relevance(Known.GetValue(icp, p => [.. p.Topics.Take(50).Select(Embedder.Embed)]), Embedder.Embed(text));
}
