using System.Diagnostics;
using AIX.Infrastructure.Database;
using AIX.Infrastructure.Pipeline;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AIX.Infrastructure.Live;

/// <summary>This node's ear: one connection of its own that hears NOTIFY, wakes workers, and fetches events from the outbox. What it
/// missed while disconnected it reads up afterwards.</summary>
internal sealed partial class DatabaseListener(DataSources sources, LiveFeed feed, WorkSignals signals, TimeProvider time, ILogger<DatabaseListener> logger) : BackgroundService
{
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(10);

    private readonly Dictionary<Guid, DateTimeOffset> _seen = [];
    private readonly List<Guid> _heard = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var since = time.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(since, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception ex) when (ex is NpgsqlException or IOException or TimeoutException)
            {
                Disconnected(ex);
                since = time.GetUtcNow() - Overlap;
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(DateTimeOffset since, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(sources.Strings.Queue + ";Pooling=false;Keepalive=30");
        await connection.OpenAsync(ct);
        connection.Notification += OnNotification;
        await using (var listen = new NpgsqlCommand("LISTEN aix_live; LISTEN aix_work; LISTEN aix_import; LISTEN aix_bulk", connection))
        {
            await listen.ExecuteNonQueryAsync(ct);
        }

        // Work may have come while nobody listened.
        signals.Runs.Set();
        signals.Imports.Set();
        signals.Bulk.Set();
        await FetchAsync(connection, "at >= $1", since, ct);
        var swept = time.GetUtcNow();
        while (true)
        {
            // Notifications also come in while a query runs: only with nothing heard is there a reason to wait.
            if (_heard.Count == 0)
            {
                await connection.WaitAsync(TimeSpan.FromSeconds(20), ct);
            }

            if (_heard.Count > 0)
            {
                // Events come in flocks: one question for those of a moment. Npgsql takes what is left in whole milliseconds, and 0 for
                // ever: half a millisecond would hold what was heard back until the next event.
                var first = Stopwatch.GetTimestamp();
                while (Gather - Stopwatch.GetElapsedTime(first) is { TotalMilliseconds: >= 1 } left && await connection.WaitAsync(left, ct))
                {
                }

                var ids = _heard.ToArray();
                _heard.Clear();
                await FetchAsync(connection, "id = ANY($1)", ids, ct);
            }

            if (time.GetUtcNow() - swept > Overlap)
            {
                swept = time.GetUtcNow();
                await SweepAsync(connection, swept, ct);
            }
        }
    }

    private void OnNotification(object sender, NpgsqlNotificationEventArgs e)
    {
        switch (e.Channel)
        {
            case "aix_work":
                signals.Runs.Set();
                break;
            case "aix_import":
                signals.Imports.Set();
                break;
            case "aix_bulk":
                signals.Bulk.Set();
                break;
            case "aix_live":
                foreach (var part in e.Payload.AsSpan().Split(','))
                {
                    if (Guid.TryParse(e.Payload.AsSpan(part), out var id))
                    {
                        _heard.Add(id);
                    }
                }

                break;
        }
    }

    private async Task FetchAsync(NpgsqlConnection connection, string condition, object value, CancellationToken ct)
    {
        var events = new List<(Guid Id, string Name, string Payload)>();
        await using (var command = connection.Command($"SELECT id, name, payload FROM aix.outbox WHERE {condition} ORDER BY id", value))
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                events.Add((reader.GetGuid(0), reader.GetString(1), reader.GetString(2)));
            }
        }

        foreach (var (id, name, payload) in events)
        {
            if (_seen.TryAdd(id, time.GetUtcNow()) && LiveEvents.Read(name, payload) is { } domainEvent)
            {
                feed.Publish(domainEvent);
            }
        }
    }

    /// <summary>Forgets what no overlap can bring again, and deletes old events; any node does it, none minds another.</summary>
    private async Task SweepAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var id in _seen.Where(s => s.Value < now - Overlap - Overlap).Select(s => s.Key).ToList())
        {
            _seen.Remove(id);
        }

        await using var batch = new NpgsqlBatch(connection);
        batch.Add("DELETE FROM aix.outbox WHERE at < $1", now - Retention);
        batch.Add("DELETE FROM aix.pipeline_stats WHERE minute < $1", now - TimeSpan.FromDays(2));
        batch.Add("DELETE FROM aix.idempotency_records WHERE created_at < $1", now - TimeSpan.FromDays(1));
        await batch.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "The listening connection broke; reconnecting")]
    private partial void Disconnected(Exception ex);
}
