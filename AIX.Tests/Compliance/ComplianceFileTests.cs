using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Compliance;
using AIX.Core.Shared;
using AIX.Infrastructure.Calls;
using AIX.Infrastructure.Compliance;
using AIX.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Compliance;

/// <summary>Files of the law, as they come: in the database, with everything that is wrong with them.</summary>
public class ComplianceFileTests : DatabaseTest
{
    private const string Consent = "address,channel,purpose,basis,action,date,evidence\n";

    internal override void AddServices(IServiceCollection services) => services.AddSingleton<IComplianceStore, ComplianceStore>().AddSingleton<TakeComplianceFile>();

    [Theory]
    [InlineData("scrub", "phone,answer\n1,2", "wrong-columns")]
    [InlineData("scrub", "", "empty-file")]
    [InlineData("other", "number,result\n", "unknown-kind")]
    public async Task File_ThatIsNone_IsRefusedWhole_AndSaysWhy(string kind, string text, string code) => (await TakeAsync(kind, text)).Error!.Code.ShouldBe(code);

    [Fact]
    public async Task Rows_ThatCannotBeRead_AreRefusedAlone()
    {
        var taken = (await TakeAsync("scrub", "Number,Result,Categories\n9111111111,allowed,\n+911111100002,blocked,3#5\nhello,allowed,\n+911111100003,maybe,\n=cmd(),blocked,\n")).Value!;

        (taken.Rows, taken.Refused).ShouldBe((5, 3));
        taken.Errors.Select(e => e.Row).ShouldBe([4, 5, 6]);
        (await FactsAsync("+911111100002")).Preference!.Categories.ShouldBe(0b10100);
        (await FactsAsync("+919111111111")).Preference!.Categories.ShouldBe(0);
    }

    /// <summary>Prevents: an old scrub that comes late hides what a newer one said.</summary>
    [Fact]
    public async Task OlderScrub_DoesNotReplaceANewerOne()
    {
        await TakeAsync("scrub", "number,result\n+911111100001,blocked", Time.GetUtcNow().AddHours(-1));
        await TakeAsync("scrub", "number,result\n+911111100001,allowed", Time.GetUtcNow().AddHours(-30));

        (await FactsAsync("+911111100001")).Preference!.Categories.ShouldNotBe(0);
    }

    [Fact]
    public async Task Ledger_TheLastWordCounts_AndAWithdrawalOfAllTakesEveryCategory()
    {
        var now = Time.GetUtcNow();
        string Line(int daysAgo, string action, string category = "") => $"+911111100001,voice,promotional,explicit,{action},{now.AddDays(-daysAgo):O},form,{category}\n";
        var header = Consent.TrimEnd('\n') + ",category\n";
        await TakeAsync("consent", header + Line(20, "given") + Line(19, "given", "3"));
        (await FactsAsync("+911111100001")).Consents.Count(c => c.WithdrawnAt is null).ShouldBe(2);

        await TakeAsync("consent", header + Line(10, "withdrawn"));
        (await FactsAsync("+911111100001")).Consents.ShouldAllBe(c => c.WithdrawnAt != null);

        await TakeAsync("consent", header + Line(5, "given"));
        (await FactsAsync("+911111100001")).Consents.ShouldContain(c => c.WithdrawnAt == null && c.Category == null);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.consent_events")).ShouldBe(4);
    }

    [Fact]
    public async Task OtherTenants_SeeNothingOfIt()
    {
        await TakeAsync("suppression", "address,reason\n+911111100001,optOut\nSomebody@Example.com,unsubscribed");

        (await FactsAsync("+911111100001")).Suppressed.ShouldBeTrue();
        (await FactsAsync("somebody@example.com")).Suppressed.ShouldBeTrue();
        await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Globex, CancellationToken.None);
        (await new ContactHistoryStore().OfAsync(work, ["+911111100001"], ContactChannel.Voice, Time.GetUtcNow(), [], CancellationToken.None))["+911111100001"].Suppressed.ShouldBeFalse();
    }

    /// <summary>A whole register is a file like any other: a million rows, in chunks.</summary>
    [Fact]
    public async Task LargeFile_IsTakenInChunks()
    {
        var text = new StringBuilder("Service Area Code,Phone Numbers,Preferences,Opstype,Phone Type\n");
        for (var i = 0; i < 1_000_000; i++)
        {
            text.Append("11,91").Append(9_000_000_000 + i).Append(",0,A,1\n");
        }

        var seen = 0;
        var taken = await Get<TakeComplianceFile>().ExecuteAsync(Acme, Actor.System, "register", "register.csv", Encoding.UTF8.GetBytes(text.ToString()), Time.GetUtcNow(), CancellationToken.None, new Progress(n => seen = n));

        (taken.Value!.Rows, taken.Value.Refused, seen).ShouldBe((1_000_000, 0, 1_000_000));
        (await ScalarAsync<long>("SELECT count(*) FROM aix.dnd_preferences WHERE categories = 4095")).ShouldBe(1_000_000);
    }

    private async Task<ContactFacts> FactsAsync(string address)
    {
        await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);
        return (await new ContactHistoryStore().OfAsync(work, [address], ContactChannel.Voice, Time.GetUtcNow(), [], CancellationToken.None))[address];
    }

    private Task<Result<FileTaken>> TakeAsync(string kind, string text, DateTimeOffset? asOf = null) =>
        Get<TakeComplianceFile>().ExecuteAsync(Acme, Actor.System, kind, "test.csv", Encoding.UTF8.GetBytes(text), asOf ?? Time.GetUtcNow(), CancellationToken.None);

    private sealed class Progress(Action<int> seen) : IProgress<int>
    {
        public void Report(int value) => seen(value);
    }
}
