using AIX.Core.Leads;

namespace AIX.Tests.Support;

/// <summary>A database with leads that have been through the pipeline.</summary>
public abstract class LeadsTest : DatabaseTest
{
    /// <summary>Leads in one state, all warm, without waiting for their scores.</summary>
    internal async Task ManyAsync(int count, LeadState state)
    {
        for (var at = 0; at < count; at += 1000)
        {
            await SubmitAsync(Acme, [.. Enumerable.Range(at, Math.Min(1000, count - at)).Select(i => (object)new { name = $"Lead {i}", email = $"lead{i}@lotus.example.com" })]);
        }

        await ExecuteAsync("DELETE FROM aix.pipeline_runs");
        await ExecuteAsync("UPDATE aix.lead_standings SET state = $1, band = 1, score = 0.6, score_low = 0.5, score_high = 0.7, model_version = 1, icp_version = 1", (short)state);
    }
}
