using AIX.Core.Auditing;
using AIX.Core.Pipeline;
using AIX.Core.Profiles;
using AIX.Tests.Support;
using AIX.Web.Api;
using Shouldly;
using Xunit;

namespace AIX.Tests.Pipeline;

/// <summary>Profiles are drafted, tried, published and taken back.</summary>
public class ProfileTests : DatabaseTest
{
    [Fact]
    public async Task Draft_ChangesNothing_UntilItIsPublished_AndCanBeTakenBack()
    {
        var id = await LeadsAsync();
        var before = await ScoreAsync(id);
        var store = Get<IProfileStore>();
        var current = await store.CurrentAsync(Acme, CancellationToken.None);
        var draft = current with { EmployeesMin = 5, EmployeesMax = 20 };

        var version = (await Get<ManageProfiles>().DraftAsync(Acme, Actor.System, draft, CancellationToken.None)).Value;
        version.ShouldBe(2);
        (await DrainAsync()).ShouldBe(0);
        (await ScoreAsync(id)).ShouldBe(before);
        (await store.CurrentAsync(Globex, CancellationToken.None)).Version.ShouldBe(1);

        var tried = (await Get<IPreviewProfile>().ExecuteAsync(Acme, draft, CancellationToken.None)).Value!;
        (await Get<ManageProfiles>().PublishAsync(Acme, Actor.System, version, CancellationToken.None)).IsOk.ShouldBeTrue();
        Time.Advance(TimeSpan.FromSeconds(6));
        (await DrainAsync()).ShouldBe(30);
        (await ScoreAsync(id)).ShouldBeLessThan(before - 0.05);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.lead_standings WHERE icp_version = 2")).ShouldBe(30);

        // What was tried is what came.
        var histogram = new int[10];
        for (var k = 0; k < 10; k++)
        {
            histogram[k] = (int)await ScalarAsync<long>($"SELECT count(*) FROM aix.lead_standings WHERE least(9, floor(score * 10)) = {k}");
        }

        tried.After.ShouldBe(histogram);
        tried.Looked.ShouldBe(30);
        tried.Changing.ShouldBeGreaterThan(0);
        tried.Moves.Count.ShouldBe(Math.Min(20, tried.Changing));

        (await Get<ManageProfiles>().PublishAsync(Acme, Actor.System, 1, CancellationToken.None)).IsOk.ShouldBeTrue();
        Time.Advance(TimeSpan.FromSeconds(6));
        await DrainAsync();
        (await ScoreAsync(id)).ShouldBe(before, 1e-9);
        (await store.VersionsAsync(Acme, CancellationToken.None)).Select(v => (v.Version, v.State)).ShouldBe([(2, IcpState.Archived), (1, IcpState.Production)]);
    }

    [Fact]
    public async Task Version_ThatIsNotThere_OrInUse_IsRefused()
    {
        (await Get<ManageProfiles>().PublishAsync(Acme, Actor.System, 1, CancellationToken.None)).Error!.Code.ShouldBe("already-published");
        (await Get<ManageProfiles>().PublishAsync(Acme, Actor.System, 9, CancellationToken.None)).Error!.Code.ShouldBe("unknown-profile");
        (await Get<ManageProfiles>().DraftAsync(Acme, Actor.System, new IdealCustomerProfile { Version = 0, EmployeesMin = 9, EmployeesMax = 3 }, CancellationToken.None)).Error!.Field.ShouldBe("employeesMax");
    }

    /// <summary>JSON and YAML carry a profile whole, there and back; the differences are told by their paths.</summary>
    [Fact]
    public void Documents_GoThereAndBack_AndDifferencesAreTold()
    {
        var profile = new IdealCustomerProfile { Version = 3, RevenueMin = 1e6, RevenueMax = 5e7, NegativePersonas = ["student"], Topics = ["payroll: cloud"], Behaviours = [new("Pricing visits", 3, 1)], Synergies = [new("SAP", "Tally")] };

        ProfileDiff.Of(profile, ProfileDocument.Read(ProfileDocument.Write(profile)).Value!).ShouldBeEmpty();
        var yaml = ProfileYaml.Write(profile);
        var read = ProfileYaml.Read(yaml);
        read.IsOk.ShouldBeTrue(read.Error?.Message);
        ProfileDiff.Of(profile, read.Value!).ShouldBeEmpty();
        ProfileDiff.Of(profile, profile with { Topics = [], EmployeesMax = 7 }).Select(c => (c.Path, c.Before, c.After)).ShouldBe([("employeesMax", "1000", "7"), ("topics.payroll: cloud", "✓", null)]);
    }

    [Theory]
    [InlineData("{ \"employeesMin\": \"many\" }", "employeesMin")]
    [InlineData("{ \"industries\": { \"software\": 7 } }", "software")]
    [InlineData("{ \"unheardOf\": 1 }", "unheardOf")]
    [InlineData("[]", "JSON object")]
    [InlineData("{", "cannot be read")]
    public void Json_ThatIsNoProfile_SaysWhy(string json, string expected) => ProfileDocument.Read(json).Error!.Message.ShouldContain(expected);

    [Theory]
    [InlineData("a: [1", "line")]
    [InlineData("- 1", "JSON object")]
    [InlineData("baseRate: 4", "base rate")]
    public void Yaml_ThatIsNoProfile_SaysWhy(string yaml, string expected) => ProfileYaml.Read(yaml).Error!.Message.ShouldContain(expected);

    /// <summary>Prevents: a file of a few lines that stands for a billion values.</summary>
    [Fact]
    public void Yaml_Bomb_IsRefused()
    {
        var yaml = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range('b', 8).Select(c => $"{(char)c}: &{(char)c} [*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)}]\n"));
        ProfileYaml.Read(yaml).Error!.Message.ShouldContain("more than");
    }

    private async Task<Guid> LeadsAsync()
    {
        var items = await SubmitAsync(Acme, [.. Enumerable.Range(0, 30).Select(i => new { name = $"Lead {i}", email = $"lead{i}@firm{i}.test", employees = 20 + 40 * i, title = i % 2 == 0 ? "Founder" : "Engineer", industry = "software", country = "India" })]);
        await DrainAsync();
        return items[12].LeadId!.Value;
    }

    private Task<double> ScoreAsync(Guid lead) => ScalarAsync<double>("SELECT score FROM aix.lead_standings WHERE lead_id = $1", lead);
}
