using AIX.Core.Enrichment;
using AIX.Infrastructure.Database;
using Npgsql;

namespace AIX.Infrastructure.Enrichment;

/// <summary>One row per source says when its next turn is free (the virtual scheduling of GCRA, ITU-T I.371, without a burst). PostgreSQL's wall clock counts, so that nodes agree.</summary>
internal sealed class SourcePaces(DataSources sources) : ISourcePace
{
    /// <summary>A turn this near is "at once".</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(0.1);

    public Task<(int Granted, TimeSpan Wait)> TakeAsync(string scope, double ratePerSecond, int wanted, TimeSpan patience, CancellationToken ct) => TakeAsync(scope, SourceRate.Of(ratePerSecond), wanted, patience, AtOnce, ct);

    public Task<(int Granted, TimeSpan Wait)> TakeWithinAsync(string scope, double ratePerSecond, int wanted, TimeSpan within, CancellationToken ct) => TakeAsync(scope, ratePerSecond, wanted, within, within, ct);

    /// <param name="patience">For all that are wanted.</param>
    /// <param name="soon">For those that are taken when not all come in time.</param>
    private async Task<(int Granted, TimeSpan Wait)> TakeAsync(string scope, double ratePerSecond, int wanted, TimeSpan patience, TimeSpan soon, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        if (await TakeAsync(connection, scope, ratePerSecond, wanted, patience, soon, ct) is { } taken)
        {
            return taken;
        }

        // The first turn of all.
        await using (var begin = connection.Command("INSERT INTO aix.source_paces (scope, next_slot) VALUES ($1, clock_timestamp()) ON CONFLICT DO NOTHING", scope))
        {
            await begin.ExecuteNonQueryAsync(ct);
        }

        return (await TakeAsync(connection, scope, ratePerSecond, wanted, patience, soon, ct))!.Value;
    }

    /// <returns>Null when the scope has no row yet.</returns>
    private static async Task<(int Granted, TimeSpan Wait)?> TakeAsync(NpgsqlConnection connection, string scope, double ratePerSecond, int wanted, TimeSpan patience, TimeSpan soon, CancellationToken ct)
    {
        await using var command = connection.Command(
            """
            WITH pace AS MATERIALIZED (SELECT next_slot FROM aix.source_paces WHERE scope = $1 FOR UPDATE),
            turn AS MATERIALIZED (SELECT greatest(0, extract(epoch FROM next_slot - clock_timestamp())::float8) AS wait, clock_timestamp() AS now FROM pace),
            taken AS MATERIALIZED (
                SELECT wait, now, CASE WHEN wait + ($3 - 1) / $2 <= $4 THEN $3 WHEN wait > $5 THEN 0 ELSE least($3, 1 + floor(($5 - wait) * $2)::int) END AS n FROM turn)
            UPDATE aix.source_paces p SET next_slot = CASE WHEN t.n = 0 THEN p.next_slot ELSE t.now + make_interval(secs => t.wait + t.n / $2) END FROM taken t WHERE p.scope = $1 RETURNING t.n, t.wait
            """,
            scope, ratePerSecond, wanted, patience.TotalSeconds, soon.TotalSeconds);
        return await command.AllAsync(r => (r.GetInt32(0), TimeSpan.FromSeconds(r.GetDouble(1))), ct) is [var turn] ? turn : null;
    }

    public async Task BlockAsync(string scope, TimeSpan time, CancellationToken ct)
    {
        await using var connection = await sources.Queue.OpenConnectionAsync(ct);
        await using var command = connection.Command(
            "INSERT INTO aix.source_paces AS p (scope, next_slot) VALUES ($1, clock_timestamp() + $2) ON CONFLICT (scope) DO UPDATE SET next_slot = greatest(p.next_slot, excluded.next_slot)", scope, time);
        await command.ExecuteNonQueryAsync(ct);
    }
}
