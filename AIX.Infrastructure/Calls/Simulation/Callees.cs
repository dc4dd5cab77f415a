using AIX.Core.Calls;

namespace AIX.Infrastructure.Calls.Simulation;

/// <summary>The characters of the simulated network, without the network.</summary>
internal sealed class Callees : ICallees
{
    public IReadOnlyList<string> Kinds { get; } = [.. Enum.GetValues<PersonaKind>().Where(k => Persona.Of(k, 0).Unanswered is null).Select(k => k.ToString())];

    public ICallee Begin(string kind, int seed) => Enum.TryParse<PersonaKind>(kind, out var known) && Kinds.Contains(kind) ? Persona.Of(known, seed) : throw new ArgumentException($"There is no character “{kind}”; there are {string.Join(", ", Kinds)}.", nameof(kind));
}
