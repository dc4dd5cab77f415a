namespace AIX.Core.Shared;

/// <summary>The lease went to another worker: stop, it goes on from what was committed.</summary>
public sealed class LeaseLostException() : Exception("The lease is held by another worker; this one stops.");
