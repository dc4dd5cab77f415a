using AIX.Core.Auditing;
using AIX.Core.Engagement;
using AIX.Core.Profiles;
using AIX.Core.Scoring;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Pipeline;

/// <summary>What a lead does counts, in windows of time, with facts behind it.</summary>
public class EngagementTests : DatabaseTest
{
    [Fact]
    public async Task Events_RaiseTheScore_AndAreFacts_UntilTheyAreOld()
    {
        var id = await LeadAsync();
        var before = (await DetailAsync(id)).Lead.Score!.Value;

        (await RecordAsync(id, [.. Enumerable.Range(0, 12).Select(_ => new EngagementReport("visit", "/pricing", null)), new("open", null, Time.GetUtcNow().AddDays(-2))])).ShouldBe(13);
        (await DrainAsync()).ShouldBe(1);
        var active = await DetailAsync(id);

        active.Lead.Score!.Value.ShouldBeGreaterThan(before + 0.02);
        active.Facts.Single(f => f.Attribute == "engagement.visit").Value.ShouldBe("12");
        var line = active.Ledger!.Contributions.Single(c => c.Feature == "engagement");
        line.FactIds.ShouldAllBe(f => active.Facts.Any(k => k.Id == f));

        Time.Advance(TimeSpan.FromDays(120));
        await RecordAsync(id, [new("visit", null, Time.GetUtcNow().AddDays(-100))]);
        await DrainAsync();
        (await DetailAsync(id)).Lead.Score!.Value.ShouldBeLessThan(active.Lead.Score!.Value);
    }

    /// <summary>"Visited the pricing page at least 3 times in 30 days".</summary>
    [Fact]
    public async Task Pattern_CountsInItsWindow_AndOnItsPage()
    {
        var profile = (await Get<IProfileStore>().CurrentAsync(Acme, CancellationToken.None)) with { Behaviours = [new("visit:/pricing", 3, 1, 30)] };
        var version = (await Get<ManageProfiles>().DraftAsync(Acme, Actor.System, profile, CancellationToken.None)).Value;
        (await Get<ManageProfiles>().PublishAsync(Acme, Actor.System, version, CancellationToken.None)).IsOk.ShouldBeTrue();
        Time.Advance(TimeSpan.FromSeconds(6));
        var now = Time.GetUtcNow();

        async Task<double?> ValueAsync(params EngagementReport[] events)
        {
            var id = await LeadAsync();
            if (events.Length > 0)
            {
                await RecordAsync(id, events);
                await DrainAsync();
            }

            return SnapshotCodec.Find(await ScalarAsync<byte[]>("SELECT features FROM aix.feature_snapshots WHERE lead_id = $1 ORDER BY run_id DESC LIMIT 1", id), "engagement")!.Value;
        }

        (await ValueAsync()).ShouldBeNull();
        (await ValueAsync([.. Enumerable.Range(0, 3).Select(i => new EngagementReport("visit", "/pricing/inr", now.AddDays(-i)))])).ShouldBe(1);
        (await ValueAsync([.. Enumerable.Range(0, 3).Select(i => new EngagementReport("visit", "/blog", now.AddDays(-i)))])).ShouldBe(0);
        (await ValueAsync([.. Enumerable.Range(0, 3).Select(i => new EngagementReport("visit", "/pricing", now.AddDays(-29 - i)))])).ShouldBe(0);
    }

    [Theory]
    [InlineData("two words", null, "invalid-kind")]
    [InlineData("", null, "invalid-kind")]
    [InlineData("visit", "2040-01-01", "invalid-event")]
    [InlineData("visit", "2001-01-01", "invalid-event")]
    public async Task Event_ThatCannotBe_IsRefused(string kind, string? at, string code)
    {
        var id = await LeadAsync();
        var result = await Get<RecordEngagement>().ExecuteAsync(Acme, id, [new(kind, null, at is null ? null : DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture))], CancellationToken.None);
        result.Error!.Code.ShouldBe(code);
        (await Get<RecordEngagement>().ExecuteAsync(Globex, id, [new("visit", null, null)], CancellationToken.None)).Error!.Code.ShouldBe("unknown-lead");
        (await Get<RecordEngagement>().ExecuteAsync(Acme, id, [], CancellationToken.None)).Error!.Code.ShouldBe("invalid-count");
    }

    private int _leads;

    private async Task<Guid> LeadAsync()
    {
        var id = (await SubmitAsync(Acme, new { name = "Asha Example", email = $"a@firm{_leads++}.test", title = "Manager", industry = "software" }))[0].LeadId!.Value;
        await DrainAsync();
        return id;
    }

    private async Task<int> RecordAsync(Guid lead, IReadOnlyList<EngagementReport> events) => (await Get<RecordEngagement>().ExecuteAsync(Acme, lead, events, CancellationToken.None)).Value;

    private async Task<LeadDetail> DetailAsync(Guid id)
    {
        using var scope = For(Acme);
        return (await scope.ServiceProvider.GetRequiredService<ILeadDetailQueries>().GetAsync(id, CancellationToken.None))!;
    }
}
