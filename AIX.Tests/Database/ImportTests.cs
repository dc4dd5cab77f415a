using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Leads.Import;
using AIX.Core.Shared;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Database;

public class ImportTests : DatabaseTest
{
    [Fact]
    public async Task Import_GoodAndBadRows_KeepsTheGoodAndNamesTheBad()
    {
        var import = await ImportAsync(Acme, Utf8("name,email,phone,n\nAsha,a@firm.test,,1\nRavi,nope,12,2\nTara,t@firm.test,,3,extra\nUma,u@firm.test,,\"4\nVeena,v@firm.test,,5\nnul,n@firm.test,,a\0b\n"));

        (import.State, import.Rows, import.Accepted, import.Rejected).ShouldBe((ImportState.Completed, 6, 2, 4));
        using var scope = For(Acme);
        var errors = await scope.ServiceProvider.GetRequiredService<IImportQueries>().ErrorsAsync(import.Id, 10, CancellationToken.None);
        errors.Select(e => e.Row).ShouldBe([2, 3, 4, 6]);
        errors[0].Message.ShouldContain("nope");
        errors[1].Message.ShouldContain("5 columns, the file has 4");
        errors[2].Message.ShouldContain("quote");
        errors[3].Message.ShouldContain("NUL");
    }

    [Fact]
    public async Task ErrorFile_Mended_CanBeImportedAgain()
    {
        var import = await ImportAsync(Acme, Utf8("name,email,note\nAsha,nope,=1+1\nRavi,r@firm.test,x\n"));
        using var scope = For(Acme);
        var lines = await (await scope.ServiceProvider.GetRequiredService<IImportQueries>().ErrorFileAsync(import.Id, CancellationToken.None))!.ToListAsync();
        var file = string.Concat(lines);
        file.ShouldContain("\"'=1+1\"");

        var again = await ImportAsync(Acme, Utf8(file.Replace("nope", "asha@firm.test", StringComparison.Ordinal)));

        (again.Accepted, again.Rejected).ShouldBe((1, 0));
        (await ScalarAsync<string>("SELECT attributes->>'note' FROM aix.leads WHERE name = 'Asha'")).ShouldBe("=1+1");
        (await ScalarAsync<long>("SELECT count(*) FROM aix.leads WHERE attributes ? 'AIX error'")).ShouldBe(0);
    }

    [SkippableFact]
    public async Task Import_RealExport_KeepsIdsOutcomesAndTypes_AndAgainChangesNothing()
    {
        var file = SharedData.Read("x-education-train.csv");

        var first = await ImportAsync(Acme, file);
        (first.Rows, first.Accepted, first.Rejected).ShouldBe((6468, 6468, 0));
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_outcomes WHERE result = 1")).ShouldBe(2454);
        (await ScalarAsync<string>("SELECT jsonb_typeof(attributes->'TotalVisits') FROM aix.leads l JOIN aix.external_refs r ON r.lead_id = l.id WHERE r.external_id = '571b5c8e-a5b2-4d57-8574-f2ffb06fdeff'")).ShouldBe("number");
        (await ScalarAsync<long>("SELECT count(*) FROM aix.leads WHERE attributes::text LIKE '%\"Select\"%'")).ShouldBe(0);
        var before = await ScalarAsync<string>("SELECT md5(string_agg(l::text || st::text, '' ORDER BY id)) FROM aix.leads l JOIN aix.lead_standings st ON st.lead_id = l.id");
        await DrainAsync();
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE score > 0 AND score < 1")).ShouldBe(6468);
        var scored = await ScalarAsync<string>("SELECT md5(string_agg(l::text || st::text, '' ORDER BY id)) FROM aix.leads l JOIN aix.lead_standings st ON st.lead_id = l.id");
        scored.ShouldNotBe(before);

        var second = await ImportAsync(Acme, file);

        (second.Accepted, second.Duplicates).ShouldBe((0, 6468));
        (await ScalarAsync<string>("SELECT md5(string_agg(l::text || st::text, '' ORDER BY id)) FROM aix.leads l JOIN aix.lead_standings st ON st.lead_id = l.id")).ShouldBe(scored);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.pipeline_runs")).ShouldBe(0);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_outcomes")).ShouldBe(6468);
    }

    [Fact]
    public async Task Undo_RemovesAddedLeadsAndGivesChangedOnesTheirValuesBack()
    {
        await SubmitAsync(Acme, new { name = "Known", email = "k@firm.test", city = "Nashik", attributes = new { x = 1 } });
        var before = await ScalarAsync<string>("SELECT (attributes || jsonb_build_object('city', city, 'contacts', (SELECT count(*) FROM aix.contact_points)))::text FROM aix.leads");
        var import = await ImportAsync(
            Acme,
            Utf8("name,email,phone,city,x\nKnown,k@firm.test,9825012345,Pune,2\nNew,n@firm.test,,Indore,3\n"),
            m => m with { Columns = [.. m.Columns.Select(c => c with { Rule = CollisionRule.Overwrite })] });
        (import.Accepted, import.Duplicates).ShouldBe((1, 1));
        (await ScalarAsync<string>("SELECT city FROM aix.leads WHERE name = 'Known'")).ShouldBe("Pune");

        var undone = await UndoAsync(import.Id);

        undone.Value.ShouldBe(new UndoSummary(1, 1, 0));
        using var scope = For(Acme);
        var lead = (await scope.ServiceProvider.GetRequiredService<AIX.Core.Scoring.ILeadDetailQueries>().GetAsync(await ScalarAsync<Guid>("SELECT id FROM aix.leads"), CancellationToken.None))!;
        lead.Facts.Count(f => f.Attribute == "city").ShouldBe(1);
        lead.Facts.Single(f => f.Attribute == "city").Superseded.ShouldBeFalse();
        (await ScalarAsync<string>("SELECT (attributes || jsonb_build_object('city', city, 'contacts', (SELECT count(*) FROM aix.contact_points)))::text FROM aix.leads")).ShouldBe(before);
        (await UndoAsync(import.Id)).Error!.Kind.ShouldBe(ErrorKind.Conflict);
    }

    [Fact]
    public async Task Undo_LeadsThatAnotherSourceChangedSince_AreKept()
    {
        var import = await ImportAsync(Acme, Utf8("name,email,city\nAsha,a@firm.test,\nRavi,r@firm.test,\n"));
        await ImportAsync(Acme, Utf8("name,email,city\nAsha,a@firm.test,Pune\n"));

        (await UndoAsync(import.Id)).Value.ShouldBe(new UndoSummary(1, 0, 1));
        (await ScalarAsync<string>("SELECT name FROM aix.leads")).ShouldBe("Asha");
    }

    /// <summary>Prevents: a node dies between chunks, and the next one starts over or leaves a gap.</summary>
    [Fact]
    public async Task Import_AfterTheLeaseRanOut_GoesOnAfterTheLastCommittedChunk()
    {
        var file = Utf8("name,email\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"P{i},p{i}@firm{i}.test\n")));
        using var scope = For(Acme);
        var imports = scope.ServiceProvider.GetRequiredService<IImportStore>();
        var id = (await scope.ServiceProvider.GetRequiredService<StageImport>().UploadAsync(Acme, null, "x.csv", new MemoryStream(file), CancellationToken.None)).Value;
        await scope.ServiceProvider.GetRequiredService<StartImport>().ExecuteAsync(Acme, Actor.System, id, null, CancellationToken.None);
        var claim = (await imports.ClaimAsync(Time.GetUtcNow(), RunImport.Lease, CancellationToken.None))!;
        (await imports.ClaimAsync(Time.GetUtcNow(), RunImport.Lease, CancellationToken.None)).ShouldBeNull();

        // The database refuses every chunk after the third, as if the node had died there.
        await ExecuteAsync(
            """
            CREATE FUNCTION aix.break_down() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken down'; END $$;
            CREATE TRIGGER break_down BEFORE UPDATE ON aix.imports FOR EACH ROW WHEN (NEW.rows > 300 AND NEW.rows > OLD.rows) EXECUTE FUNCTION aix.break_down();
            """);
        (await Should.ThrowAsync<Npgsql.PostgresException>(() => scope.ServiceProvider.GetRequiredService<RunImport>().ExecuteAsync(claim, CancellationToken.None))).MessageText.ShouldBe("broken down");
        await ExecuteAsync("DROP TRIGGER break_down ON aix.imports");
        (await ScalarAsync<int>("SELECT rows FROM aix.imports")).ShouldBe(300);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.leads")).ShouldBe(300);

        (await ScalarAsync<string>("SELECT failure FROM aix.imports")).ShouldContain("broken down");

        Time.Advance(TimeSpan.FromMinutes(1));
        var second = (await imports.ClaimAsync(Time.GetUtcNow(), RunImport.Lease, CancellationToken.None)).ShouldNotBeNull();
        await scope.ServiceProvider.GetRequiredService<RunImport>().ExecuteAsync(second, CancellationToken.None);

        (await ScalarAsync<bool>("SELECT failure IS NULL AND state = 2 FROM aix.imports")).ShouldBeTrue();
        (await ScalarAsync<int>("SELECT rows FROM aix.imports")).ShouldBe(1000);
        (await ScalarAsync<int>("SELECT accepted FROM aix.imports")).ShouldBe(1000);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.leads")).ShouldBe(1000);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.pipeline_runs")).ShouldBe(1000);
    }

    /// <summary>Prevents: two chunks that are stored at once add one person twice, or wait for each other for ever.</summary>
    [Fact]
    public async Task Import_SamePeopleFarApart_AreOneLeadEach()
    {
        var file = Utf8("name,email,phone\n" + string.Concat(Enumerable.Range(0, 900).Select(i => $"P{i},p{i % 300}@firm.test,{(i < 300 ? $"98250{i:D5}" : "")}\n")));

        var import = await ImportAsync(Acme, file);

        (import.Accepted, import.Duplicates, import.Rejected).ShouldBe((300, 600, 0));
    }

    [Fact]
    public async Task Cancel_StopsARunningImport()
    {
        using var scope = For(Acme);
        var services = scope.ServiceProvider;
        var id = (await services.GetRequiredService<StageImport>().UploadAsync(Acme, null, "x.csv", new MemoryStream(Utf8("email\na@firm.test\n")), CancellationToken.None)).Value;
        await services.GetRequiredService<StartImport>().ExecuteAsync(Acme, Actor.System, id, null, CancellationToken.None);
        var claim = (await services.GetRequiredService<IImportStore>().ClaimAsync(Time.GetUtcNow(), RunImport.Lease, CancellationToken.None))!;

        (await services.GetRequiredService<ManageImport>().CancelAsync(Acme, Actor.System, id, CancellationToken.None)).Value!.State.ShouldBe(ImportState.Cancelled);
        await services.GetRequiredService<RunImport>().ExecuteAsync(claim, CancellationToken.None);

        (await ScalarAsync<long>("SELECT count(*) FROM aix.leads")).ShouldBe(0);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("name,email\n", "no readable row")]
    [InlineData("a,b\n1,2\n", "e-mail, phone or external id")]
    public async Task Start_FileThatCannotWork_IsRefusedWithAReason(string text, string reason)
    {
        using var scope = For(Acme);
        var stage = scope.ServiceProvider.GetRequiredService<StageImport>();
        var upload = await stage.UploadAsync(Acme, null, "x.csv", new MemoryStream(Utf8(text)), CancellationToken.None);
        var error = upload.Error ?? (await scope.ServiceProvider.GetRequiredService<StartImport>().ExecuteAsync(Acme, Actor.System, upload.Value, null, CancellationToken.None)).Error;

        error.ShouldNotBeNull().Message.ShouldContain(reason);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.leads")).ShouldBe(0);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("windows-1252")]
    public async Task Import_OtherEncodings_KeepTheirLetters(string encoding)
    {
        var codec = CsvSniffer.Get(encoding);
        await ImportAsync(Acme, [.. codec.GetPreamble(), .. codec.GetBytes("name;email\nRené Müller;r@firm.test\n")]);

        (await ScalarAsync<string>("SELECT name FROM aix.leads")).ShouldBe("René Müller");
    }

    private async Task<Result<UndoSummary>> UndoAsync(Guid id)
    {
        using var scope = For(Acme);
        return await scope.ServiceProvider.GetRequiredService<ManageImport>().UndoAsync(Acme, Actor.System, id, CancellationToken.None);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
