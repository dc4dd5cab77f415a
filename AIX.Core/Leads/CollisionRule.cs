namespace AIX.Core.Leads;

/// <summary>What happens to a stored value when an incoming lead is already known.</summary>
public enum CollisionRule
{
    /// <summary>The stored value wins; a blank is filled.</summary>
    FillIfBlank,

    /// <summary>The incoming value wins; the old one is kept as a superseded fact.</summary>
    Overwrite,

    /// <summary>The stored value wins, even when blank.</summary>
    Keep,
}
