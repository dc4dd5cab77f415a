using AIX.Core.Shared;

namespace AIX.Core.Leads;

/// <summary>The lead's life as the scoring note's state diagram has it: what may follow what, and why not. Imported outcomes and undo stand outside it: an import enters the end it names, undo restores.</summary>
public static class LeadLifeCycle
{
    private static readonly Dictionary<LeadState, LeadState[]> Next = new()
    {
        [LeadState.Ingested] = [LeadState.PendingEnrichment],
        [LeadState.PendingEnrichment] = [LeadState.PendingScoring],
        [LeadState.PendingScoring] = [LeadState.Scored],
        [LeadState.Scored] = [LeadState.Assigned, LeadState.Nurturing, LeadState.Archived],
        [LeadState.Assigned] = [LeadState.Converted, LeadState.Disqualified],
        [LeadState.Nurturing] = [LeadState.Rescored, LeadState.Disqualified],
        [LeadState.Archived] = [LeadState.Rescored],
        [LeadState.Rescored] = [LeadState.Scored],
        [LeadState.Converted] = [],
        [LeadState.Disqualified] = [],
    };

    public static IReadOnlyList<LeadState> After(LeadState state) => Next[state];

    public static bool May(LeadState from, LeadState to) => Next[from].Contains(to);

    public static bool IsEnd(LeadState state) => Next[state].Length == 0;

    /// <summary>The state that a band leads to.</summary>
    public static LeadState Of(Band band) => band switch
    {
        Band.Hot => LeadState.Assigned,
        Band.Warm => LeadState.Nurturing,
        _ => LeadState.Archived,
    };

    /// <summary>The states in between when a person or a new score gives a lead its band, the last one being where it ends up; empty when it stays: an assigned lead leaves by its outcome only, and an end is an end.</summary>
    public static IReadOnlyList<LeadState> PathTo(LeadState from, Band band)
    {
        var target = Of(band);
        return from switch
        {
            LeadState.Scored => [target],
            LeadState.Rescored => [LeadState.Scored, target],
            LeadState.Nurturing or LeadState.Archived when from != target => [LeadState.Rescored, LeadState.Scored, target],
            _ => [],
        };
    }

    /// <summary>Why a lead may not move so; null when it may.</summary>
    public static Error? Check(LeadState from, LeadState to)
    {
        if (May(from, to))
        {
            return null;
        }

        var reason = (from, to) switch
        {
            (LeadState.Converted, _) => "The lead is won; that is the end of its life here. Correct the outcome if it was recorded by mistake.",
            (LeadState.Disqualified, _) => "The lead is lost; that is the end of its life here. Correct the outcome if it was recorded by mistake.",
            (LeadState.Assigned, _) => "An assigned lead leaves its owner only when it is won or lost. Record the outcome.",
            (_, LeadState.Converted) => $"A lead is won by the person it is assigned to, and this one is {Words(from)}. Override its score to hot, which assigns it, then record the win.",
            (_, LeadState.Disqualified) => $"Only a lead that is assigned or in nurture is lost, and this one is {Words(from)}.",
            _ => $"A lead does not go from {Words(from)} to {Words(to)}; next may come {(Next[from].Length == 0 ? "nothing" : string.Join(" or ", Next[from].Select(Words)))}.",
        };
        return new Error(ErrorKind.Conflict, "forbidden-transition", reason, "state");
    }

    private static string Words(LeadState state) => state switch
    {
        LeadState.PendingEnrichment => "waiting for enrichment",
        LeadState.PendingScoring => "waiting for its score",
        LeadState.Nurturing => "in nurture",
        LeadState.Rescored => "being scored again",
        _ => state.ToString().ToLowerInvariant(),
    };
}
