using AIX.Core.Leads;
using AIX.Core.Pipeline;
using AIX.Core.Review;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Tenancy;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Review;

public class ReviewQueueTests : DatabaseTest
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>Prevents: the same task given to two reviewers.</summary>
    [Fact]
    public async Task TwentyReviewers_On500Items_NeverHoldTheSame_AndDoEachOnce()
    {
        await FillAsync(500);
        await SettingsAsync(new TenantSettings { SecondReviewRate = 0 });
        var reviewers = Enumerable.Range(0, 20).Select(_ => new Reviewer(Guid.CreateVersion7(), false)).ToList();
        var holders = new System.Collections.Concurrent.ConcurrentDictionary<Guid, Guid>();
        var twice = 0;

        await Parallel.ForEachAsync(reviewers, new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (me, ct) =>
        {
            for (IReadOnlyList<ReviewRow> rows; (rows = await Store.ClaimAsync(Acme, me, 4, Lease, [], ct)).Count > 0;)
            {
                foreach (var row in rows)
                {
                    if (holders.GetOrAdd(row.LeadId, me.UserId) != me.UserId)
                    {
                        Interlocked.Increment(ref twice);
                    }
                }

                var decided = await Decide.ExecuteAsync(Acme, me, Approve(rows[0]), ct);
                decided.IsOk.ShouldBeTrue(decided.Error?.Message);
            }
        });

        twice.ShouldBe(0);
        holders.Count.ShouldBe(500);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.review_decisions")).ShouldBe(500);
        (await ScalarAsync<long>("SELECT count(DISTINCT lead_id) FROM aix.review_decisions")).ShouldBe(500);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.review_items")).ShouldBe(0);
    }

    [Fact]
    public async Task Claim_GivesTheMostValuableFirst_AndTheOlderOfTwoEqualOnes()
    {
        await FillAsync(5);
        await ExecuteAsync("UPDATE aix.review_items SET decision_value = 7");
        await ExecuteAsync("UPDATE aix.review_items SET decision_value = 9 WHERE lead_id = (SELECT max(lead_id::text)::uuid FROM aix.review_items)");
        await ExecuteAsync("UPDATE aix.review_items SET created_at = created_at - interval '1 day' WHERE lead_id = (SELECT lead_id FROM aix.review_items WHERE decision_value = 7 ORDER BY lead_id::text DESC LIMIT 1)");

        var rows = await Store.ClaimAsync(Acme, Agent, 3, Lease, [], CancellationToken.None);

        rows.Select(r => r.DecisionValue).ShouldBe([9, 7, 7]);
        rows[1].CreatedAt.ShouldBeLessThan(rows[2].CreatedAt);
    }

    [Fact]
    public async Task Lease_RunsOut_IsKeptByHeartbeat_AndCanBeBroken()
    {
        await FillAsync(1);
        var mine = (await Store.ClaimAsync(Acme, Agent, 1, Lease, [], CancellationToken.None))[0];
        (await Store.ClaimAsync(Acme, Other, 1, Lease, [], CancellationToken.None)).ShouldBeEmpty();

        Time.Advance(TimeSpan.FromMinutes(4));
        (await Store.HeartbeatAsync(Acme, Agent.UserId, [mine.LeadId], Lease, CancellationToken.None)).ShouldBe([mine.LeadId]);
        Time.Advance(TimeSpan.FromMinutes(4));
        (await Store.ClaimAsync(Acme, Other, 1, Lease, [], CancellationToken.None)).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMinutes(2));
        (await Store.ClaimAsync(Acme, Other, 1, Lease, [], CancellationToken.None)).Single().LeadId.ShouldBe(mine.LeadId);

        // A stale lease decides nothing.
        (await Decide.ExecuteAsync(Acme, Agent, Approve(mine), CancellationToken.None)).Error!.Code.ShouldBe("held");
        (await Store.HeartbeatAsync(Acme, Agent.UserId, [mine.LeadId], Lease, CancellationToken.None)).ShouldBeEmpty();

        (await Store.BreakAsync(Acme, mine.LeadId, CancellationToken.None)).ShouldBe(Other.UserId);
        (await Decide.ExecuteAsync(Acme, Agent, Approve(mine), CancellationToken.None)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task Approve_MovesTheLeadOn_StoresWhatWasSeen_AndIsALabel()
    {
        await SettingsAsync(new TenantSettings { SecondReviewRate = 0 });
        await FillAsync(1, band: Band.Hot);
        var row = (await Store.ClaimAsync(Acme, Agent, 1, Lease, [], CancellationToken.None))[0];
        (await StateAsync(row.LeadId)).ShouldBe(LeadState.Scored);

        var command = Approve(row);
        var decided = (await Decide.ExecuteAsync(Acme, Agent, command, CancellationToken.None)).Value!;
        var again = (await Decide.ExecuteAsync(Acme, Agent, command, CancellationToken.None)).Value!;

        again.Id.ShouldBe(decided.Id);
        decided.SeenScore.ShouldBe(row.Score);
        decided.SeenModel.ShouldBe(1);
        decided.SeenIcp.ShouldBe(1);
        decided.Propensity.ShouldBe(1);
        (await StateAsync(row.LeadId)).ShouldBe(LeadState.Assigned);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_labels WHERE good AND confidence BETWEEN 0.92 AND 0.93")).ShouldBe(1);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.review_decisions")).ShouldBe(1);
    }

    /// <summary>Prevents: a lead that a person made hot lies with nobody, and nobody hears of it.</summary>
    [Fact]
    public async Task Approve_OfAHotLead_GivesItAnOwner_TellsThem_AndUndoTakesItBack()
    {
        await SettingsAsync(new TenantSettings { SecondReviewRate = 0 });
        await Get<TenantProvisioner>().AddUserAsync(Acme, "agent@firm.test", "Agent", Role.Agent, "Not-a-secret-1", CancellationToken.None);
        await FillAsync(1, band: Band.Hot);
        var row = (await Store.ClaimAsync(Acme, Agent, 1, Lease, [], CancellationToken.None))[0];

        (await Decide.ExecuteAsync(Acme, Agent, Approve(row), CancellationToken.None)).IsOk.ShouldBeTrue();

        const string Told = "SELECT count(*) FROM aix.notifications n JOIN aix.lead_standings st ON st.lead_id = n.lead_id AND st.owner_id = n.user_id WHERE n.kind = 'hot'";
        (await ScalarAsync<long>(Told)).ShouldBe(1);
        (await Undo.ExecuteAsync(Acme, Agent, CancellationToken.None)).IsOk.ShouldBeTrue();
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE owner_id IS NOT NULL")).ShouldBe(0);
    }

    [Theory]
    [InlineData(null, "missing-reason")]
    [InlineData("becauseISaySo", "unknown-reason")]
    public async Task Override_WithoutAReason_IsRefused_AndNothingChanges(string? reason, string code)
    {
        await FillAsync(1);
        var row = (await Store.ClaimAsync(Acme, Agent, 1, Lease, [], CancellationToken.None))[0];

        var refused = await Decide.ExecuteAsync(Acme, Agent, Approve(row) with { Kind = DecisionKind.Override, Band = Band.Cold, Reason = reason }, CancellationToken.None);

        refused.Error!.Code.ShouldBe(code);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.review_items")).ShouldBe(1);
    }

    [Fact]
    public async Task Override_StandsBesideTheScore_AndUndoPutsAllBack()
    {
        await SettingsAsync(new TenantSettings { SecondReviewRate = 0 });
        await FillAsync(1, band: Band.Warm);
        var row = (await Store.ClaimAsync(Acme, Agent, 1, Lease, [], CancellationToken.None))[0];

        var command = Approve(row) with { Kind = DecisionKind.Override, Probability = 0.95, Reason = OverrideReason.KnowsMore, Text = "<b>Met</b> =HYPERLINK(\"x\")\nat the fair\0" };
        (await Decide.ExecuteAsync(Acme, Agent, command, CancellationToken.None)).IsOk.ShouldBeTrue();

        (await ScalarAsync<short>("SELECT shown_band FROM aix.lead_standings")).ShouldBe((short)Band.Hot);
        (await ScalarAsync<double>("SELECT score_order FROM aix.lead_standings")).ShouldBe(0.95);
        (await ScalarAsync<double>("SELECT score FROM aix.lead_standings")).ShouldBe(row.Score!.Value);
        (await ScalarAsync<string>("SELECT text FROM aix.score_overrides")).ShouldBe("<b>Met</b> =HYPERLINK(\"x\")\nat the fair");
        (await StateAsync(row.LeadId)).ShouldBe(LeadState.Assigned);

        (await Undo.ExecuteAsync(Acme, Agent, CancellationToken.None)).IsOk.ShouldBeTrue();
        (await StateAsync(row.LeadId)).ShouldBe(LeadState.Scored);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE override_band IS NULL AND hot_at IS NULL")).ShouldBe(1);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_labels")).ShouldBe(0);
        (await Store.ClaimAsync(Acme, Other, 1, Lease, [], CancellationToken.None)).Single().DecisionValue.ShouldBe(row.DecisionValue);
        (await Undo.ExecuteAsync(Acme, Agent, CancellationToken.None)).Error!.Code.ShouldBe("nothing-to-undo");
    }

    [Fact]
    public async Task Undo_GoesTenDeep_AndNoDeeper()
    {
        await SettingsAsync(new TenantSettings { SecondReviewRate = 0 });
        await FillAsync(12);
        for (var i = 0; i < 12; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            (await Decide.ExecuteAsync(Acme, Agent, Approve((await Store.ClaimAsync(Acme, Agent, 1, Lease, [], CancellationToken.None))[0]), CancellationToken.None)).IsOk.ShouldBeTrue();
        }

        for (var i = 0; i < 10; i++)
        {
            (await Undo.ExecuteAsync(Acme, Agent, CancellationToken.None)).IsOk.ShouldBeTrue();
        }

        (await Undo.ExecuteAsync(Acme, Agent, CancellationToken.None)).IsOk.ShouldBeFalse();
        (await ScalarAsync<long>("SELECT count(*) FROM aix.review_items")).ShouldBe(10);
    }

    [Fact]
    public async Task Flag_WithTheRightValue_CorrectsTheFact_TeachesTheSource_AndScoresAgain()
    {
        await SubmitAsync(Acme, new { name = "Asha Example", email = "asha@lotus.example.com", company = "Lotus Foods", employees = 12 });
        await DrainAsync();
        await QueueAllAsync();
        var row = (await Store.ClaimAsync(Acme, Agent, 1, Lease, [], CancellationToken.None))[0];
        var before = await ScalarAsync<double>("SELECT score FROM aix.lead_standings");

        (await Decide.ExecuteAsync(Acme, Agent, Approve(row) with { Kind = DecisionKind.FlagData, Attribute = "employees", RightValue = "450" }, CancellationToken.None)).IsOk.ShouldBeTrue();
        await DrainAsync();

        (await ScalarAsync<double>("SELECT score FROM aix.lead_standings")).ShouldNotBe(before);
        (await ScalarAsync<double>("SELECT beta FROM aix.source_reliabilities WHERE source = 'intake' AND attribute = 'employees'")).ShouldBeGreaterThan(1);

        (await Undo.ExecuteAsync(Acme, Agent, CancellationToken.None)).IsOk.ShouldBeTrue();
        await DrainAsync();
        (await ScalarAsync<double>("SELECT score FROM aix.lead_standings")).ShouldBe(before, 1e-9);
    }

    [Fact]
    public async Task Flag_OfSomethingNobodySaid_IsRefused()
    {
        await FillAsync(1);
        var row = (await Store.ClaimAsync(Acme, Agent, 1, Lease, [], CancellationToken.None))[0];

        (await Decide.ExecuteAsync(Acme, Agent, Approve(row) with { Kind = DecisionKind.FlagData, Attribute = "revenue" }, CancellationToken.None)).Error!.Code.ShouldBe("unknown-attribute");
    }

    [Fact]
    public async Task PostponedAndEscalated_LeaveTheAgent_AndComeBackToWhomTheyShould()
    {
        await FillAsync(2);
        await ManagerAsync();
        var rows = await Store.ClaimAsync(Acme, Agent, 2, Lease, [], CancellationToken.None);
        await Decide.ExecuteAsync(Acme, Agent, Approve(rows[0]) with { Kind = DecisionKind.Postpone, Hours = 2 }, CancellationToken.None);
        await Decide.ExecuteAsync(Acme, Agent, Approve(rows[1]) with { Kind = DecisionKind.Escalate }, CancellationToken.None);

        (await Store.ClaimAsync(Acme, Agent, 4, Lease, [], CancellationToken.None)).ShouldBeEmpty();
        (await Store.ClaimAsync(Acme, Manager, 4, Lease, [], CancellationToken.None)).Single().LeadId.ShouldBe(rows[1].LeadId);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.notifications WHERE kind = 'escalated'")).ShouldBe(1);
        Time.Advance(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1));
        (await Store.ClaimAsync(Acme, Agent, 4, Lease, [], CancellationToken.None)).Single().LeadId.ShouldBe(rows[0].LeadId);
    }

    [Fact]
    public async Task SecondReview_IsBlind_BySomebodyElse_AndDisagreementGoesToAManager()
    {
        await SettingsAsync(new TenantSettings { SecondReviewRate = 1 });
        await FillAsync(2, band: Band.Warm);
        await ManagerAsync();
        var rows = await Store.ClaimAsync(Acme, Agent, 2, Lease, [], CancellationToken.None);
        foreach (var row in rows)
        {
            (await Decide.ExecuteAsync(Acme, Agent, Approve(row), CancellationToken.None)).IsOk.ShouldBeTrue();
        }

        (await Store.ClaimAsync(Acme, Agent, 4, Lease, [], CancellationToken.None)).ShouldBeEmpty();
        var second = await Store.ClaimAsync(Acme, Other, 4, Lease, [], CancellationToken.None);
        second.Count.ShouldBe(2);
        second.ShouldAllBe(r => r.Round == ReviewRound.Second);
        (await Decide.ExecuteAsync(Acme, Other, Approve(second[0]), CancellationToken.None)).IsOk.ShouldBeTrue();
        (await Decide.ExecuteAsync(Acme, Other, Approve(second[1]) with { Kind = DecisionKind.Override, Band = Band.Cold, Reason = "outdated" }, CancellationToken.None)).IsOk.ShouldBeTrue();

        // Agreed: done. Disagreed: nothing changed yet, a manager decides.
        (await ScalarAsync<long>("SELECT count(*) FROM aix.score_overrides")).ShouldBe(0);
        (await Store.ClaimAsync(Acme, Other, 4, Lease, [], CancellationToken.None)).ShouldBeEmpty();
        var third = (await Store.ClaimAsync(Acme, Manager, 4, Lease, [], CancellationToken.None)).Single();
        third.Round.ShouldBe(ReviewRound.Adjudication);
        (await Decide.ExecuteAsync(Acme, Manager, Approve(third) with { Kind = DecisionKind.Override, Band = Band.Cold, Reason = "outdated" }, CancellationToken.None)).IsOk.ShouldBeTrue();
        (await ScalarAsync<short>($"SELECT shown_band FROM aix.lead_standings WHERE lead_id = '{third.LeadId}'")).ShouldBe((short)Band.Cold);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.review_items")).ShouldBe(0);
    }

    [Fact]
    public async Task Decision_OnADeletedLead_OrANewScore_SaysSo()
    {
        await FillAsync(4);
        var rows = await Store.ClaimAsync(Acme, Agent, 4, Lease, [], CancellationToken.None);
        (await Get<MergeLeads>().ExecuteAsync(Acme, AIX.Core.Auditing.Actor.System, rows[3].LeadId, rows[2].LeadId, CancellationToken.None)).IsOk.ShouldBeTrue();
        var merged = (await Decide.ExecuteAsync(Acme, Agent, Approve(rows[2]), CancellationToken.None)).Error!;
        (merged.Code, merged.Message.EndsWith($"/leads/{rows[3].LeadId}", StringComparison.Ordinal)).ShouldBe(("merged-lead", true));
        await ExecuteAsync("DELETE FROM aix.leads WHERE id = $1", rows[0].LeadId);
        await ExecuteAsync("UPDATE aix.lead_standings SET band = 0");

        (await Decide.ExecuteAsync(Acme, Agent, Approve(rows[0]), CancellationToken.None)).Error!.Code.ShouldBe("unknown-lead");
        (await Decide.ExecuteAsync(Acme, Agent, Approve(rows[1]) with { Seen = new Seen(0.1, 0, 0.2, Band.Warm, 1, 1) }, CancellationToken.None)).Error!.Code.ShouldBe("score-changed");
        (await Decide.ExecuteAsync(Globex, Agent, Approve(rows[1]), CancellationToken.None)).Error!.Code.ShouldBe("unknown-lead");
    }

    [Fact]
    public async Task Text_OfAHundredKilobytes_IsRefusedWithItsLength()
    {
        await FillAsync(1);
        var row = (await Store.ClaimAsync(Acme, Agent, 1, Lease, [], CancellationToken.None))[0];

        var refused = await Decide.ExecuteAsync(Acme, Agent, Approve(row) with { Text = new string('x', 100_000) }, CancellationToken.None);

        refused.Error!.Kind.ShouldBe(ErrorKind.TooLarge);
        refused.Error.Message.ShouldContain("100,000");
    }

    [Fact]
    public async Task Draft_OutlivesTheLease_AndGoesWithTheDecision()
    {
        await SettingsAsync(new TenantSettings { SecondReviewRate = 0 });
        await FillAsync(1);
        var row = (await Store.ClaimAsync(Acme, Agent, 1, Lease, [], CancellationToken.None))[0];
        await Store.SaveDraftAsync(Acme, Agent.UserId, row.LeadId, """{"text":"half a sentence"}""", CancellationToken.None);
        Time.Advance(TimeSpan.FromHours(1));

        (await Store.DraftAsync(Acme, Agent.UserId, row.LeadId, CancellationToken.None))!.ShouldContain("half a sentence");
        (await Store.DraftAsync(Acme, Other.UserId, row.LeadId, CancellationToken.None)).ShouldBeNull();
        (await Store.ProgressAsync(Acme, Agent, Time.GetUtcNow().AddDays(-1), CancellationToken.None)).Drafts.ShouldBe(1);
        await Decide.ExecuteAsync(Acme, Agent, Approve(row), CancellationToken.None);
        (await Store.DraftAsync(Acme, Agent.UserId, row.LeadId, CancellationToken.None)).ShouldBeNull();
    }

    private Reviewer Agent { get; } = new(Guid.CreateVersion7(), false);

    private Reviewer Other { get; } = new(Guid.CreateVersion7(), false);

    private Reviewer Manager { get; } = new(Guid.CreateVersion7(), true);

    private IReviewStore Store => Get<IReviewStore>();

    private DecideReview Decide => Get<DecideReview>();

    private UndoReview Undo => Get<UndoReview>();

    private static DecisionCommand Approve(ReviewRow row) => new(Guid.CreateVersion7(), row.LeadId, DecisionKind.Approve, new Seen(row.Score, row.Low, row.High, row.Band, 1, 1));

    private Task SettingsAsync(TenantSettings settings) => Get<ITenantStore>().SaveSettingsAsync(Acme, settings, CancellationToken.None);

    private Task ManagerAsync() => Get<TenantProvisioner>().AddUserAsync(Acme, "manager@firm.test", "Manager", Role.Manager, "Not-a-secret-1", CancellationToken.None);

    private async Task<LeadState> StateAsync(Guid lead) => (LeadState)await ScalarAsync<short>("SELECT state FROM aix.lead_standings WHERE lead_id = $1", lead);

    /// <summary>Scored leads that all wait for review, without a run through the pipeline.</summary>
    private async Task FillAsync(int count, Band band = Band.Warm)
    {
        await SubmitAsync(Acme, [.. Enumerable.Range(0, count).Select(i => (object)new { name = $"Lead {i} Example", email = $"lead{i}@lotus.example.com" })]);
        await ExecuteAsync("DELETE FROM aix.pipeline_runs");
        await ExecuteAsync(
            "UPDATE aix.lead_standings SET state = 7, band = $1, score = $2, score_low = $2 - 0.1, score_high = $2 + 0.1, uncertain = true, model_version = 1, icp_version = 1",
            (short)band, band switch { Band.Hot => 0.88, Band.Warm => 0.6, _ => 0.45 });
        await QueueAllAsync();
    }

    private Task QueueAllAsync() => ExecuteAsync(
        "INSERT INTO aix.review_items (tenant_id, lead_id, day, decision_value, created_at, reason, propensity, round) SELECT tenant_id, lead_id, '2026-11-20', 1 + abs(hashtext(lead_id::text)) % 1000, '2026-11-20', 0, 1, 0 FROM aix.lead_standings ON CONFLICT DO NOTHING");
}
