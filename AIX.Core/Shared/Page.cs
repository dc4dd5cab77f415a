namespace AIX.Core.Shared;

/// <summary>One page of a cursor-paged list.</summary>
/// <param name="Items">At most the asked limit.</param>
/// <param name="NextCursor">Opaque; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
