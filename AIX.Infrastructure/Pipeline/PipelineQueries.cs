using AIX.Core.Leads;
using AIX.Core.Pipeline;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Pipeline;

internal sealed class PipelineQueries(DataSources sources, ICurrentTenant current) : IPipelineQueries
{
    private const int RateMinutes = 2;

    public async Task<PipelineStatus> StatusAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var db = sources.Context(current.Id ?? default);
        var runs = await db.Set<PipelineRun>().GroupBy(r => r.Stage)
            .Select(g => new { Stage = g.Key, Waiting = g.Count(), Running = g.Count(r => r.LeaseUntil > now), Retrying = g.Count(r => r.ReadyAt > now) })
            .ToListAsync(ct);

        var minute = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        var from = minute.AddMinutes(1 - RateMinutes);
        var done = await db.Set<PipelineStat>().Where(s => s.Minute >= from).GroupBy(s => s.Stage).Select(g => new { Stage = g.Key, Done = g.Sum(s => s.Done) }).ToListAsync(ct);
        var seconds = (now - from).TotalSeconds;
        var nodes = await db.Set<PipelineStat>().Where(s => s.Minute >= now.AddHours(-1) && s.Stage == Stage.Sync).GroupBy(s => s.Node)
            .Select(g => new NodeStatus(g.Key, g.Sum(s => s.Done))).ToListAsync(ct);

        var stages = Enum.GetValues<Stage>().Select(s =>
        {
            var run = runs.Find(r => r.Stage == s);
            return new StageStatus(s, run?.Waiting ?? 0, run?.Running ?? 0, (done.Find(d => d.Stage == s)?.Done ?? 0) / seconds);
        });
        var failed = await db.Set<DeadLetter>().CountAsync(ct);
        var failedRuns = failed == 0 ? [] : await db.Set<DeadLetter>().OrderByDescending(d => d.At).Take(100)
            .GroupJoin(db.Set<Lead>(), d => d.LeadId, l => l.Id, (d, leads) => new { d, leads })
            .SelectMany(x => x.leads.DefaultIfEmpty(), (x, l) => new FailedRun(x.d.RunId, x.d.LeadId, l == null ? null : l.Name, x.d.Stage, x.d.Attempts, x.d.Error, x.d.At))
            .ToListAsync(ct);
        return new PipelineStatus([.. stages], runs.Sum(r => r.Retrying), failed, failedRuns, nodes);
    }
}
