namespace AIX.Infrastructure.Pipeline;

/// <summary>The life cycle's steps in SQL. What a band leads to stands in <see cref="Core.Leads.LeadLifeCycle"/>; a test compares the two.</summary>
internal static class StateSql
{
    /// <summary>State of the band that counts: what a person said, else what the model says. <c>st</c> is the standing.</summary>
    public const string OfBand = "CASE coalesce(st.override_band, st.band) WHEN 2 THEN 2 WHEN 1 THEN 3 ELSE 4 END";

    /// <summary>Assignments of <c>state</c> and <c>hot_at</c> that take a scored lead on where <paramref name="condition"/> holds. $2 is now.</summary>
    /// <param name="target">State that the newest score leads to; a person's word goes before it.</param>
    public static string Move(string condition, string target)
    {
        var to = $"CASE st.override_band WHEN 2 THEN 2 WHEN 1 THEN 3 WHEN 0 THEN 4 ELSE {target} END";
        return $"state = CASE WHEN st.state = 7 AND {condition} THEN {to} ELSE st.state END, hot_at = CASE WHEN st.state = 7 AND {condition} AND {to} = 2 THEN coalesce(st.hot_at, $2) ELSE st.hot_at END";
    }
}
