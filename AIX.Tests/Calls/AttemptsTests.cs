using AIX.Core.Compliance;
using AIX.Core.Shared;
using AIX.Infrastructure.Compliance;
using AIX.Tests.Support;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

public class AttemptsTests : DatabaseTest
{
    /// <summary>Prevents: deleting or merging a lead opens its number for more calls, or keeps what was said.</summary>
    [Fact]
    public async Task Attempts_OutliveTheirLead_AndTheirWordsDoNot()
    {
        await SubmitAsync(Acme, [new { name = "One Example", phone = "+911111100001" }]);
        var lead = await ScalarAsync<Guid>("SELECT id FROM aix.leads");
        await ExecuteAsync(
            "INSERT INTO aix.calls (tenant_id, id, lead_id, to_number, from_number, route, flow_key, flow_version, language, transport, state, gate, facts, recording_refused, created_at, seen_at, wrapped_up, conversation) VALUES ($1, $2, $2, '+911111100001', '+14155550100', 'r', 'f', 1, 'en', 0, 5, '{}', '{\"name\":\"One\"}', false, now(), now(), true, '{}')",
            Acme.Value, lead);
        await ExecuteAsync("INSERT INTO aix.call_turns (tenant_id, call_id, sequence, from_callee, language, text, at) VALUES ($1, $2, 1, true, 'en', 'secret', now())", Acme.Value, lead);

        await ExecuteAsync("DELETE FROM aix.leads");

        (await ScalarAsync<long>("SELECT count(*) FROM aix.calls WHERE to_number = '+911111100001' AND conversation IS NULL AND facts = '{}'")).ShouldBe(1);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.call_turns")).ShouldBe(0);
        await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);
        (await new ContactHistoryStore().OfAsync(work, ["+911111100001"], ContactChannel.Voice, TimeProvider.System.GetUtcNow(), null, CancellationToken.None))["+911111100001"].Attempts.Count.ShouldBe(1);
        await using var other = await Get<IUnitOfWorkFactory>().BeginAsync(Globex, CancellationToken.None);
        (await new ContactHistoryStore().OfAsync(other, ["+911111100001"], ContactChannel.Voice, TimeProvider.System.GetUtcNow(), null, CancellationToken.None))["+911111100001"].Attempts.ShouldBeEmpty();
    }
}
