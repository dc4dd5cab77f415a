using System.Collections.Concurrent;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Infrastructure.Live;
using AIX.Infrastructure.Pipeline;
using AIX.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AIX.Tests.Live;

public class DatabaseListenerTests : DatabaseTest
{
    private const int Rounds = 150;

    /// <summary>Prevents: an event that comes in the last millisecond of a flock holds all of them back until something else happens. Flocks of all lengths, each followed by silence.</summary>
    [Fact]
    public async Task Events_AreHeard_WhereverInAFlockTheLastOneFalls()
    {
        var feed = new LiveFeed();
        var heard = new ConcurrentDictionary<Guid, byte>();
        using var subscription = feed.Subscribe(Acme, e => heard.TryAdd(((LeadsTouched)e).LeadIds[0], 0));
        using var listener = new DatabaseListener(Sources, feed, new WorkSignals(), TimeProvider.System, NullLogger<DatabaseListener>.Instance);
        await listener.StartAsync(CancellationToken.None);
        await Wait.UntilAsync(async () => await ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT id, name, payload FROM aix.outbox WHERE at%'") > 0, "the listener to listen");

        for (var round = 0; round < Rounds; round++)
        {
            var last = Guid.Empty;
            for (var n = 0; n <= round % 25; n++)
            {
                last = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
                await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);
                work.Raise(new LeadsTouched(Acme, [last]));
                await work.CommitAsync(CancellationToken.None);
            }

            await Wait.UntilAsync(() => Task.FromResult(heard.ContainsKey(last)), $"the last event of round {round}", 5);
        }

        await listener.StopAsync(CancellationToken.None);
    }
}
