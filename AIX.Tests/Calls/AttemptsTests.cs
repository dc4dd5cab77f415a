using AIX.Core.Calls;
using AIX.Core.Compliance;
using AIX.Core.Shared;
using AIX.Infrastructure.Calls;
using AIX.Infrastructure.Compliance;
using AIX.Infrastructure.Database;
using AIX.Tests.Support;
using Microsoft.EntityFrameworkCore;
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
        (await new ContactHistoryStore().OfAsync(work, ["+911111100001"], ContactChannel.Voice, TimeProvider.System.GetUtcNow(), [], CancellationToken.None))["+911111100001"].Attempts.Count.ShouldBe(1);
        await using var other = await Get<IUnitOfWorkFactory>().BeginAsync(Globex, CancellationToken.None);
        (await new ContactHistoryStore().OfAsync(other, ["+911111100001"], ContactChannel.Voice, TimeProvider.System.GetUtcNow(), [], CancellationToken.None))["+911111100001"].Attempts.ShouldBeEmpty();
    }

    /// <summary>Prevents: a column that a migration adds or moves is read into the wrong property, or not at all, where rows are read by hand.</summary>
    [Fact]
    public async Task Call_ReadByHand_IsWhatTheMapperReads()
    {
        var id = Guid.CreateVersion7(Time.GetUtcNow());
        await ExecuteAsync(
            """
            INSERT INTO aix.calls (tenant_id, id, lead_id, user_id, to_number, from_number, route, flow_key, flow_version, language, transport, state, provider_sid, answered_by, disposition, gate, conversation, facts, recording_refused, duration_seconds, error_code, error_text,
                summary, created_at, ringing_at, answered_at, ended_at, seen_at, campaign_id, attempt, variant, wrapped_up, band)
            VALUES ($1, $2, gen_random_uuid(), gen_random_uuid(), '+911111100001', '+14155550100', 'route', 'flow', 3, 'hi', 1, 5, 'CA1', 'human', 4, '{"a": 1}', '{"b": 2}', '{"c": 3}', true, 42, 21211, 'error', 'summary',
                '2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05', gen_random_uuid(), 2, 'B', true, 2)
            """,
            Acme.Value, id);
        await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);

        var byHand = await new CallStore(Sources).LockAsync(work, id, CancellationToken.None);

        var mapped = await UnitOfWork.Of(work).Db.Set<Call>().AsNoTracking().SingleAsync(c => c.Id == id);
        byHand.ShouldBeEquivalentTo(mapped);
        foreach (var property in typeof(Call).GetProperties().Where(p => p.SetMethod is not null))
        {
            property.GetValue(byHand).ShouldNotBeNull(property.Name);
        }
    }
}
