namespace AIX.Core.Leads;

/// <summary>Where a lead stands in its life. Waiting for review is a mark beside it, not a state. The numbers are stored.</summary>
public enum LeadState
{
    /// <summary>Stored; the pipeline has not begun.</summary>
    Ingested = 0,

    /// <summary>Hot: a person's.</summary>
    Assigned = 2,

    /// <summary>Warm.</summary>
    Nurturing = 3,

    /// <summary>Cold.</summary>
    Archived = 4,

    /// <summary>The pipeline asks what sources know.</summary>
    PendingEnrichment = 5,

    /// <summary>Enriched; waits for its score.</summary>
    PendingScoring = 6,

    /// <summary>Scored; its band says where it goes next, or a person does when it waits for review.</summary>
    Scored = 7,

    /// <summary>Taken up again, to be scored anew.</summary>
    Rescored = 8,

    /// <summary>Won. An end.</summary>
    Converted = 9,

    /// <summary>Lost. An end.</summary>
    Disqualified = 10,
}

/// <summary>Who or what moved a lead.</summary>
public enum TransitionOrigin
{
    Pipeline,
    Person,

    /// <summary>An outcome that came with a file or over the API enters its end from any state.</summary>
    Imported,

    Rule,
}
