namespace AIX.Infrastructure.Pipeline;

/// <summary>This program among its equals.</summary>
public sealed record NodeIdentity(string Name);
