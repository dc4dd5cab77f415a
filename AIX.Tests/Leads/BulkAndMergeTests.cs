using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Routing;
using AIX.Core.Scoring;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Leads;
using AIX.Infrastructure.Tenancy;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Leads;

/// <summary>What people do to many leads at once, and to two that are one.</summary>
public class BulkAndMergeTests : LeadsTest
{
    private static readonly Actor Person = Actor.User(Guid.CreateVersion7());

    [Fact]
    public async Task Bulk_AssignsTagsMovesAndSends_AndIsUndone()
    {
        await ManyAsync(50, LeadState.Nurturing);
        await ExecuteAsync("UPDATE aix.lead_standings SET state = 2 WHERE lead_id IN (SELECT lead_id FROM aix.lead_standings ORDER BY lead_id LIMIT 10)");
        var owner = Guid.CreateVersion7();
        var before = await ImageAsync();

        foreach (var (kind, arguments, changed) in new (BulkKind, BulkArguments, int)[] { (BulkKind.Assign, new(OwnerId: owner), 50), (BulkKind.Tag, new(Tag: "fair"), 50), (BulkKind.Archive, new(), 40), (BulkKind.SendToReview, new(Note: "look"), 50) })
        {
            var job = (await Get<BulkWork>().StartAsync(Acme, Person, kind, new LeadFilter(), arguments, CancellationToken.None)).Value;
            (await BulkWorker.RunOneAsync(Get<IBulkStore>(), Time, CancellationToken.None)).ShouldBeTrue();
            var done = (await Get<IBulkStore>().GetAsync(Acme, job, CancellationToken.None))!;
            (done.State, done.Total, done.Done, done.Changed).ShouldBe((BulkState.Done, 50, 50, changed), kind.ToString());
            (await ImageAsync()).ShouldNotBe(before);

            (await Get<BulkWork>().UndoAsync(Acme, Person, job, CancellationToken.None)).IsOk.ShouldBeTrue();
            await BulkWorker.RunOneAsync(Get<IBulkStore>(), Time, CancellationToken.None);
            (await ImageAsync()).ShouldBe(before, $"{kind} was not undone");
            (await Get<BulkWork>().UndoAsync(Acme, Person, job, CancellationToken.None)).Error!.Code.ShouldBe("cannot-undo");
        }
    }

    /// <summary>Prevents: a node dies in the middle and half of the leads are forgotten or done twice.</summary>
    [Fact]
    public async Task Bulk_WhoseNodeDied_GoesOnWhereItStopped()
    {
        await ManyAsync(BulkStore.Chunk + 20, LeadState.Nurturing);
        var job = (await Get<BulkWork>().StartAsync(Acme, Person, BulkKind.Tag, new LeadFilter(), new BulkArguments(Tag: "x"), CancellationToken.None)).Value;
        var store = Get<IBulkStore>();
        var dead = (await store.ClaimAsync(Time.GetUtcNow(), TimeSpan.FromSeconds(30), CancellationToken.None))!;
        (await store.StepAsync(dead, TimeSpan.FromSeconds(30), CancellationToken.None)).ShouldBeTrue();
        (await store.ClaimAsync(Time.GetUtcNow(), TimeSpan.FromSeconds(30), CancellationToken.None)).ShouldBeNull();

        Time.Advance(TimeSpan.FromSeconds(31));
        await BulkWorker.RunOneAsync(store, Time, CancellationToken.None);

        (await store.StepAsync(dead, TimeSpan.FromSeconds(30), CancellationToken.None)).ShouldBeFalse();
        (await store.GetAsync(Acme, job, CancellationToken.None))!.Changed.ShouldBe(BulkStore.Chunk + 20);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_tags")).ShouldBe(BulkStore.Chunk + 20);
    }

    [Fact]
    public async Task Export_DefusesFormulas_AndHoldsWhatTheFilterNames()
    {
        await SubmitAsync(Acme, new { name = "=HYPERLINK(\"http://evil.test\")", email = "a@lotus.example.com", company = "Lotus \"Foods\"" }, new { name = "Other Example", email = "b@mango.example.com", company = "Mango" });
        await DrainAsync();
        var job = (await Get<BulkWork>().StartAsync(Acme, Person, BulkKind.Export, new LeadFilter { Company = "lotus" }, new BulkArguments(), CancellationToken.None)).Value;
        await BulkWorker.RunOneAsync(Get<IBulkStore>(), Time, CancellationToken.None);

        var text = new StringBuilder();
        await foreach (var part in Get<IBulkStore>().FileAsync(Acme, job, CancellationToken.None))
        {
            text.Append(Encoding.UTF8.GetString(part));
        }

        text.ToString().ShouldContain("\"'=");
        text.ToString().ShouldContain("Lotus \"\"Foods\"\"");
        text.ToString().ShouldNotContain("Mango");
        await foreach (var _ in Get<IBulkStore>().FileAsync(Globex, job, CancellationToken.None))
        {
            Assert.Fail("another tenant reads the export");
        }
    }

    [Fact]
    public async Task Merge_KeepsEverything_AndUndoPutsBothBack()
    {
        var winner = (await SubmitAsync(Acme, new { name = "Asha Example", email = "asha@lotus.example.com", title = "CEO", externalId = "A1" }))[0].LeadId!.Value;
        var loser = (await SubmitAsync(Acme, new { name = "Asha Example", phone = "+91 11111 00077", company = "Lotus Foods", title = "Founder", employees = 40, externalId = "B2" }))[0].LeadId!.Value;
        await DrainAsync();
        using var scope = For(Acme);
        var work = Get<WorkLead>();
        await work.NoteAsync(Acme, Person, loser, "met at the fair", true, CancellationToken.None);
        await work.AddTaskAsync(Acme, Person, loser, TaskKind.Call, "call back", Time.GetUtcNow().AddHours(1), null, CancellationToken.None);
        await work.TagAsync(Acme, Person, loser, "fair", true, CancellationToken.None);
        var before = await EverythingAsync();
        var preview = (await Get<MergeLeads>().PreviewAsync(Acme, winner, loser, CancellationToken.None)).Value!;
        preview.Fields.Single(f => f.Field == "company").ShouldBe(new MergeField("company", null, "Lotus Foods", "Lotus Foods", true));
        preview.Fields.Single(f => f.Field == "title").Result.ShouldBe("CEO");
        (preview.Notes, preview.Tasks).ShouldBe((1, 1));

        var merge = (await Get<MergeLeads>().ExecuteAsync(Acme, Person, winner, loser, CancellationToken.None)).Value;
        await DrainAsync();

        var lead = (await scope.ServiceProvider.GetRequiredService<ILeadDetailQueries>().GetAsync(winner, CancellationToken.None))!;
        lead.Lead.Phone.ShouldBe("+911111100077");
        lead.Lead.Company.ShouldBe("Lotus Foods");
        lead.Lead.Title.ShouldBe("CEO");
        lead.Facts.ShouldContain(f => f.Attribute == "title" && f.Value == "Founder" && f.Source == "merge");
        lead.ExternalIds.ShouldBe(["A1", "B2"], ignoreOrder: true);
        (await scope.ServiceProvider.GetRequiredService<ILeadWorkQueries>().OfAsync(winner, CancellationToken.None)).Notes.ShouldHaveSingleItem();
        (await scope.ServiceProvider.GetRequiredService<ILeadQueries>().MergedIntoAsync(loser, CancellationToken.None)).ShouldBe(winner);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.leads")).ShouldBe(1);

        (await Get<MergeLeads>().UndoAsync(Acme, Person, merge, CancellationToken.None)).Error.ShouldBeNull();
        (await EverythingAsync()).ShouldBe(before);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_scores WHERE lead_id = $1", loser)).ShouldBe(1);
        await DrainAsync();
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE score IS NOT NULL")).ShouldBe(2);
    }

    private Task<string> ImageAsync() => ScalarAsync<string>(
        "SELECT (SELECT string_agg(lead_id || ':' || state || ':' || coalesce(owner_id::text, ''), ',' ORDER BY lead_id) FROM aix.lead_standings) || (SELECT count(*) FROM aix.lead_tags) || '/' || (SELECT count(*) FROM aix.review_items)");

    private async Task<string> EverythingAsync()
    {
        var parts = new List<string>();
        foreach (var table in new[] { "contact_points", "external_refs", "facts", "lead_notes", "lead_tasks", "lead_tags", "lead_outcomes" })
        {
            parts.Add(table + await ScalarAsync<string>($"SELECT coalesce(string_agg(x::text, E'\\n' ORDER BY x::text), '') FROM aix.{table} x"));
        }

        parts.Add(await ScalarAsync<string>("SELECT string_agg(concat_ws('|', id, name, company, domain, title, city, attributes, created_at), E'\\n' ORDER BY id) FROM aix.leads"));
        parts.Add(await ScalarAsync<string>("SELECT string_agg(concat_ws('|', lead_id, owner_id, touched_at, next_due_at), E'\\n' ORDER BY lead_id) FROM aix.lead_standings"));
        return string.Join("\n", parts);
    }
}
