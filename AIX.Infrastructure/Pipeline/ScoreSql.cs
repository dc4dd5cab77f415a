namespace AIX.Infrastructure.Pipeline;

internal static class ScoreSql
{
    /// <summary>
    /// Writes scores of one model: the standing, then the history. $1 tenant, $2 now, $3 model, $4 profile; arrays: $5 leads, $6 runs (null: a re-scoring, which takes the next number), $7 snapshots, $8 probability, $9 low, $10 high,
    /// $11 top reason, $12 band (null: the router's to decide), $13 uncertain, $14 conflict, $15 the challenger's band. A lead that is gone meanwhile is passed over, and by a re-scoring also one that has a newer snapshot.
    /// </summary>
    public const string Save =
        """
        WITH s AS (SELECT * FROM unnest($5::uuid[], $6::bigint[], $7::bigint[], $8::float8[], $9::float8[], $10::float8[], $11::text[], $12::smallint[], $13::bool[], $14::text[], $15::smallint[])
                       AS s(lead, run, snapshot, p, low, high, top, band, uncertain, conflict, challenger)),
             done AS (UPDATE aix.lead_standings st SET score = s.p, score_low = s.low, score_high = s.high, top_reason = s.top, model_version = $3, icp_version = $4, scored_at = $2, snapshot = s.snapshot,
                             band = coalesce(s.band, st.band), uncertain = CASE WHEN s.band IS NULL THEN st.uncertain ELSE s.uncertain END,
                             conflict = CASE WHEN s.run IS NULL THEN st.conflict ELSE s.conflict END, challenger_band = s.challenger,
                             state = CASE WHEN s.run IS NOT NULL AND st.state IN (0, 3, 4, 5, 6, 8) THEN 7 ELSE st.state END
                      FROM s WHERE st.tenant_id = $1 AND st.lead_id = s.lead AND (s.run IS NOT NULL OR st.snapshot = s.snapshot) RETURNING s.*)
        INSERT INTO aix.lead_scores (tenant_id, run_id, lead_id, at, probability, low, high, band, model_version, icp_version, snapshot)
        SELECT $1, coalesce(run, nextval('aix.pipeline_runs_id_seq')), lead, $2, p, low, high, band, $3, $4, snapshot FROM done
        """;
}
