namespace AIX.Core.Calls;

/// <summary>Somebody invented, at the other end of a conversation that nobody pays for.</summary>
public interface ICallee
{
    /// <returns>What they say to what they hear; empty for silence, null when they hang up.</returns>
    string? Answer(string asked);
}

/// <summary>People to try a dialogue with.</summary>
public interface ICallees
{
    /// <summary>Characters, by name: <c>Keen</c>, <c>Busy</c>, <c>OptsOut</c> …</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <param name="seed">The same seed tells the same story.</param>
    /// <exception cref="ArgumentException">There is no such character.</exception>
    ICallee Begin(string kind, int seed);
}
