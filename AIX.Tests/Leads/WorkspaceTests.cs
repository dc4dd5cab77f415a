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

/// <summary>What people do to leads, one at a time: life cycle, lists, views, rules.</summary>
public class WorkspaceTests : LeadsTest
{
    private static readonly Actor Person = Actor.User(Guid.CreateVersion7());

    [Fact]
    public async Task Outcome_ByAPerson_FollowsTheDiagram_AndUndoRestores()
    {
        var lead = await LeadAsync(LeadState.Nurturing);
        var record = Get<IOutcomeStore>();

        var refused = await OutcomeAsync(lead, OutcomeResult.Won, TransitionOrigin.Person);
        refused.Error!.Code.ShouldBe("forbidden-transition");
        refused.Error.Message.ShouldContain("in nurture");
        await ExecuteAsync("UPDATE aix.lead_standings SET state = 2");
        (await OutcomeAsync(lead, OutcomeResult.Won, TransitionOrigin.Person)).IsOk.ShouldBeTrue();
        (await StateAsync(lead)).ShouldBe(LeadState.Converted);
        (await OutcomeAsync(lead, OutcomeResult.Lost, TransitionOrigin.Person)).Error!.Message.ShouldContain("end of its life");

        (await record.RemoveAsync(Acme, await ScalarAsync<Guid>("SELECT id FROM aix.lead_outcomes"), Time.GetUtcNow(), CancellationToken.None)).ShouldBe(lead);
        (await StateAsync(lead)).ShouldBe(LeadState.Assigned);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_transitions")).ShouldBe(0);
    }

    [Fact]
    public async Task Outcome_FromAnotherSystem_EntersItsEndFromAnyState_WithItsOrigin()
    {
        var lead = await LeadAsync(LeadState.Archived);

        (await OutcomeAsync(lead, OutcomeResult.Won, TransitionOrigin.Imported)).IsOk.ShouldBeTrue();

        (await StateAsync(lead)).ShouldBe(LeadState.Converted);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_transitions WHERE from_state = 4 AND to_state = 9 AND origin = 2")).ShouldBe(1);
    }

    [Fact]
    public async Task ImportedOutcome_ThatIsUndone_PutsTheStateBack()
    {
        await SubmitAsync(Acme, new { name = "Asha Example", email = "asha@lotus.example.com" });
        await DrainAsync();
        await ExecuteAsync("DELETE FROM aix.review_items");
        await ExecuteAsync("UPDATE aix.lead_standings SET state = 3");
        var import = await ImportAsync(Acme, "name,email,outcome\nAsha Example,asha@lotus.example.com,won\n"u8.ToArray());
        await DrainAsync();
        (await ScalarAsync<short>("SELECT state FROM aix.lead_standings")).ShouldBe((short)LeadState.Converted);

        using var scope = For(Acme);
        await scope.ServiceProvider.GetRequiredService<ManageImport>().UndoAsync(Acme, Person, import.Id, CancellationToken.None);

        (await ScalarAsync<short>("SELECT state FROM aix.lead_standings")).ShouldBe((short)LeadState.Nurturing);
    }

    /// <summary>Prevents: the SQL of the pipeline knows another diagram than the code.</summary>
    [Fact]
    public async Task Pipeline_MovesOnlyAlongTheDiagram()
    {
        await SubmitAsync(Acme, [.. Enumerable.Range(0, 40).Select(i => (object)new { name = $"Lead {i}", email = $"lead{i}@lotus.example.com", title = i % 2 == 0 ? "Founder" : "Intern", employees = i * 20 })]);
        await ExecuteAsync(
            """
            CREATE TABLE public.steps (a smallint, b smallint);
            CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> NEW.state THEN INSERT INTO public.steps VALUES (OLD.state, NEW.state); END IF; RETURN NULL; END $$;
            GRANT ALL ON public.steps TO PUBLIC; GRANT USAGE ON SCHEMA public TO PUBLIC;
            CREATE TRIGGER note AFTER UPDATE ON aix.lead_standings FOR EACH ROW EXECUTE FUNCTION public.note();
            """);

        await DrainAsync();
        await ExecuteAsync("INSERT INTO aix.pipeline_runs (tenant_id, lead_id) SELECT tenant_id, lead_id FROM aix.lead_standings");
        await DrainAsync();

        var taken = new HashSet<(LeadState, LeadState)>();
        await using (var connection = await Sources.Owner.OpenConnectionAsync())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT DISTINCT a, b FROM public.steps";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                taken.Add(((LeadState)reader.GetInt16(0), (LeadState)reader.GetInt16(1)));
            }
        }

        // Within one statement a lead passes through "being scored again".
        bool Allowed(LeadState a, LeadState b) => LeadLifeCycle.May(a, b) || (LeadLifeCycle.May(a, LeadState.Rescored) && b == LeadState.Scored);
        taken.ShouldContain((LeadState.Ingested, LeadState.PendingEnrichment));
        taken.ShouldContain((LeadState.PendingScoring, LeadState.Scored));
        taken.Where(t => !Allowed(t.Item1, t.Item2)).ShouldBeEmpty();
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings st WHERE state = 7 AND NOT EXISTS (SELECT 1 FROM aix.review_items i WHERE i.lead_id = st.lead_id)")).ShouldBe(0);
    }

    [Fact]
    public async Task List_FiltersSortsByTwoKeys_AndPagesWithoutGapOrRepeat_WhileRowsChange()
    {
        await ManyAsync(130, LeadState.Nurturing);
        await ExecuteAsync("UPDATE aix.lead_standings SET score = round((abs(hashtext(lead_id::text)) % 4)::numeric / 4, 2)::float8 + 0.1, band = 1");
        await ExecuteAsync("UPDATE aix.leads SET company = 'Firm ' || (abs(hashtext(id::text)) % 7)");
        using var scope = For(Acme);
        var queries = scope.ServiceProvider.GetRequiredService<ILeadQueries>();
        var seen = new List<LeadRow>();
        string? cursor = null;
        do
        {
            var page = (await queries.ListAsync(new LeadFilter(Sort: LeadSort.ScoreDescending, Cursor: cursor, Limit: 20) { Then = LeadSort.CompanyAscending }, CancellationToken.None)).Value!;
            seen.AddRange(page.Items);
            cursor = page.NextCursor;

            // Rows that come and go before the cursor move nothing behind it.
            await ExecuteAsync("UPDATE aix.lead_standings SET touched_at = now() WHERE lead_id = $1", page.Items[0].Id);
        }
        while (cursor is not null);

        seen.Select(r => r.Id).Distinct().Count().ShouldBe(130);
        seen.ShouldBe(seen.OrderByDescending(r => r.Score).ThenBy(r => r.Company, StringComparer.Ordinal).ThenBy(r => r.Id.ToString(), StringComparer.Ordinal));
        (await queries.CountAsync(new LeadFilter { Company = "firm 3" }, CancellationToken.None)).ShouldBe(seen.Count(r => r.Company == "Firm 3"));
        (await queries.ListAsync(new LeadFilter(Cursor: "nonsense"), CancellationToken.None)).Error!.Code.ShouldBe("invalid-cursor");
    }

    [Theory]
    [InlineData("lotus", 1)]
    [InlineData("1111 100042", 1)]
    [InlineData("+91 11111-00042", 1)]
    [InlineData("SHA@LOT", 1)]
    [InlineData("%", 0)]
    public async Task Search_FindsByPartOfNameMailOrPhone(string text, int found)
    {
        await SubmitAsync(Acme, new { name = "Asha Example", email = "asha@lotus.example.com", phone = "+91 11111 00042" }, new { name = "Other", email = "o@mango.example.com" });
        await DrainAsync();
        using var scope = For(Acme);

        (await scope.ServiceProvider.GetRequiredService<ILeadQueries>().SearchAsync(text, 8, CancellationToken.None)).Count.ShouldBe(found);
    }

    [Fact]
    public async Task Rules_AssignInTurnAndByTerritory_TheFirstThatFits_AndTheDryRunCounts()
    {
        var provisioner = Get<TenantProvisioner>();
        foreach (var name in new[] { "a", "b" })
        {
            await provisioner.AddUserAsync(Acme, $"{name}@firm.test", name, Role.Agent, "Not-a-secret-1", CancellationToken.None);
        }

        var agents = (await Get<IPeople>().ListAsync(Acme, CancellationToken.None)).Select(p => p.Id).ToList();
        ReadRule Rule(string name, RuleDocument document) => new(new RoutingRule { TenantId = Acme, Id = Guid.CreateVersion7(), Position = 0, Name = name, Enabled = true, Document = "{}" }, document);
        ReadRule[] rules =
        [
            Rule("Kerala", new RuleDocument { Conditions = [new RuleCondition("region", RuleOperator.IsKnown)], Assign = AssignTo.Territory, Territories = new Dictionary<string, Guid> { ["kerala"] = agents[1] } }),
            Rule("Interns", new RuleDocument { Conditions = [new RuleCondition("title", RuleOperator.Contains, "intern")], Then = RuleThen.Archive, ReevaluateDays = 90 }),
            Rule("Rest", new RuleDocument { Assign = AssignTo.InTurn }),
        ];
        (await Get<ManageRules>().SaveAsync(Acme, Person, [rules[0] with { Document = new RuleDocument() }], CancellationToken.None)).Error!.Message.ShouldContain("does nothing");
        (await Get<ManageRules>().SaveAsync(Acme, Person, rules, CancellationToken.None)).IsOk.ShouldBeTrue();

        await SubmitAsync(
            Acme, new { name = "K", email = "k@lotus.example.com", region = "Kerala" }, new { name = "I", email = "i@lotus.example.com", title = "Intern" }, new { name = "R1", email = "r1@lotus.example.com" }, new { name = "R2", email = "r2@lotus.example.com" });
        await DrainAsync();

        (await ScalarAsync<Guid>("SELECT owner_id FROM aix.lead_standings st JOIN aix.leads l ON l.id = st.lead_id WHERE l.name = 'K'")).ShouldBe(agents[1]);
        (await ScalarAsync<long>("SELECT count(DISTINCT owner_id) FROM aix.lead_standings st JOIN aix.leads l ON l.id = st.lead_id WHERE l.name LIKE 'R%'")).ShouldBe(2);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings st JOIN aix.leads l ON l.id = st.lead_id WHERE l.name = 'I' AND owner_id IS NULL AND reevaluate_at IS NOT NULL")).ShouldBe(1);

        var dry = (await Get<ManageRules>().PreviewAsync(Acme, [rules[1]], CancellationToken.None)).Value!;
        (dry.Leads, dry.ByRule[0], dry.Unmatched).ShouldBe((4, 1, 3));
        (await ScalarAsync<long>("SELECT count(*) FROM aix.routing_rules WHERE tenant_id = $1", Acme.Value)).ShouldBe(3);
    }

    [Fact]
    public async Task HotLead_TellsItsOwnerAtOnce()
    {
        await Get<TenantProvisioner>().AddUserAsync(Acme, "agent@firm.test", "Agent", Role.Agent, "Not-a-secret-1", CancellationToken.None);
        await Get<ITenantStore>().SaveSettingsAsync(Acme, new TenantSettings { HotThreshold = 0.02, WarmThreshold = 0.01, ExplorationRate = 0 }, CancellationToken.None);
        await SubmitAsync(Acme, new { name = "Hot Example", email = "hot@lotus.example.com" });
        await DrainAsync();

        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE state = 2 AND hot_at IS NOT NULL AND owner_id IS NOT NULL")).ShouldBe(1);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.notifications n JOIN aix.lead_standings st ON st.owner_id = n.user_id WHERE n.kind = 'hot'")).ShouldBe(1);

        // The clock stops with the first touch.
        Time.Advance(TimeSpan.FromMinutes(3));
        await Get<WorkLead>().NoteAsync(Acme, Person, await ScalarAsync<Guid>("SELECT id FROM aix.leads"), "called", true, CancellationToken.None);
        (await ScalarAsync<TimeSpan>("SELECT first_touch_at - hot_at FROM aix.lead_standings")).ShouldBe(TimeSpan.FromMinutes(3));
    }

    /// <summary>What time alone brings about.</summary>
    [Fact]
    public async Task Tending_EndsOverrides_TakesLeadsUpAgain_AndTellsOfDueTasks()
    {
        var lead = await LeadAsync(LeadState.Nurturing);
        var owner = Guid.CreateVersion7();
        (await Get<OverrideScore>().ExecuteAsync(Acme, Person, lead, new OverrideReport(Band.Cold, null, OverrideReason.KnowsMore, null, 7), CancellationToken.None)).IsOk.ShouldBeTrue();
        (await StateAsync(lead)).ShouldBe(LeadState.Archived);
        await Get<WorkLead>().AddTaskAsync(Acme, Person, lead, TaskKind.Callback, "call back", Time.GetUtcNow().AddHours(1), owner, CancellationToken.None);
        await ExecuteAsync("UPDATE aix.lead_standings SET reevaluate_at = $1", Time.GetUtcNow().AddDays(8));
        var tend = Get<AIX.Core.Pipeline.TendTenants>();

        await tend.ExecuteAsync(CancellationToken.None);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.notifications WHERE kind = 'taskDue'")).ShouldBe(0);
        Time.Advance(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));
        await tend.ExecuteAsync(CancellationToken.None);
        await tend.ExecuteAsync(CancellationToken.None);

        (await ScalarAsync<long>("SELECT count(*) FROM aix.notifications WHERE kind = 'taskDue' AND user_id = $1", owner)).ShouldBe(1);
        (await StateAsync(lead)).ShouldBe(LeadState.Nurturing);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE override_band IS NULL AND shown_band = 1")).ShouldBe(1);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.score_overrides WHERE ended_at IS NOT NULL")).ShouldBe(1);

        Time.Advance(TimeSpan.FromDays(1));
        await tend.ExecuteAsync(CancellationToken.None);
        (await StateAsync(lead)).ShouldBe(LeadState.Rescored);
        await DrainAsync();
        (await StateAsync(lead)).ShouldBeOneOf(LeadState.Assigned, LeadState.Nurturing, LeadState.Archived, LeadState.Scored);
    }

    [Fact]
    public async Task SampleLeads_ComeAndGo_AndOnesOwnStay()
    {
        await SubmitAsync(Acme, new { name = "Own Example", email = "own@lotus.example.com" });
        using var scope = For(Acme);
        var samples = scope.ServiceProvider.GetRequiredService<ISampleLeads>();

        var added = await samples.AddAsync(Acme, CancellationToken.None);
        await DrainAsync();

        added.ShouldBe(200);
        (await samples.CountAsync(Acme, CancellationToken.None)).ShouldBe(200);
        (await samples.RemoveAsync(Acme, CancellationToken.None)).ShouldBe(200);
        (await ScalarAsync<string>("SELECT string_agg(name, ',') FROM aix.leads")).ShouldBe("Own Example");
        (await ScalarAsync<long>("SELECT count(*) FROM aix.review_items i WHERE NOT EXISTS (SELECT 1 FROM aix.leads l WHERE l.id = i.lead_id)")).ShouldBe(0);
    }

    [Fact]
    public async Task Views_AreOnesOwnOrShared()
    {
        var (me, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var views = Get<ManageViews>();
        var definition = new ViewDefinition(new LeadFilter(Band.Hot) { Tag = "fair" }, ["name", "score"]);
        var mine = (await views.SaveAsync(Acme, me, "Mine", false, definition, CancellationToken.None)).Value;
        await views.SaveAsync(Acme, me, "Ours", true, definition, CancellationToken.None);

        (await views.ListAsync(Acme, me, CancellationToken.None)).Select(v => v.Name).ShouldBe(["Mine", "Ours"]);
        (await views.ListAsync(Acme, other, CancellationToken.None)).Single().ShouldSatisfyAllConditions(v => v.Name.ShouldBe("Ours"), v => v.Definition.Filter.ShouldBe(definition.Filter), v => v.Mine.ShouldBeFalse());
        (await views.ListAsync(Globex, me, CancellationToken.None)).ShouldBeEmpty();
        (await views.RemoveAsync(Acme, other, mine, CancellationToken.None)).ShouldBeFalse();
        (await views.SaveAsync(Acme, me, " ", false, definition, CancellationToken.None)).Error!.Field.ShouldBe("name");
    }

    private async Task<Guid> LeadAsync(LeadState state)
    {
        await ManyAsync(1, state);
        return await ScalarAsync<Guid>("SELECT id FROM aix.leads");
    }

    private Task<Result<bool>> OutcomeAsync(Guid lead, OutcomeResult result, TransitionOrigin origin) => Get<IOutcomeStore>().AddAsync(
        new LeadOutcome { TenantId = Acme, Id = Guid.CreateVersion7(), LeadId = lead, Result = result, OccurredAt = Time.GetUtcNow(), RecordedAt = Time.GetUtcNow() }, origin, null, CancellationToken.None);

    private async Task<LeadState> StateAsync(Guid lead) => (LeadState)await ScalarAsync<short>("SELECT state FROM aix.lead_standings WHERE lead_id = $1", lead);
}
