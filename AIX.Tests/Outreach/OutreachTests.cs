using System.Globalization;
using System.Text;
using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Outreach;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Calls.Twilio;
using AIX.Infrastructure.Compliance;
using AIX.Infrastructure.Outreach;
using AIX.Tests.Support;
using AIX.Web.Features.Outreach;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Outreach;

/// <summary>Messages from the template to a real mail server, through the gate.</summary>
public sealed class OutreachTests : DatabaseTest, IDisposable
{
    private readonly SmtpPeer _peer = new();

    internal override void AddServices(IServiceCollection services) => services
        .AddSingleton<IOutreachStore, OutreachStore>().AddSingleton<ManageTemplates>().AddSingleton<SendMessages>().AddSingleton<IUnsubscribeLinks, UnsubscribeLinks>().AddSingleton<IPublicAddress>(new Address())
        .AddSingleton(new MailOptions { Host = "127.0.0.1", Port = _peer.Port, Tls = false, From = "team@acme.example.com" }).AddSingleton<IMessageSender, SmtpSender>()
        .AddSingleton<IContactHistory, ContactHistoryStore>().AddSingleton<ICallGate, CallGate>().AddSingleton<IComplianceStore, ComplianceStore>().AddSingleton<TakeComplianceFile>().AddSingleton<ManageCompliance>();

    public void Dispose() => _peer.Dispose();

    [Fact]
    public async Task Mail_GoesOutInTheLeadsLanguage_WithAWayOut_AndOnce()
    {
        await ConsentAsync("asha@lotus.example.com");
        await AddAsync("asha@lotus.example.com", "hi");

        (await Get<SendMessages>().ExecuteAsync(CancellationToken.None)).ShouldBe(1);
        (await Get<SendMessages>().ExecuteAsync(CancellationToken.None)).ShouldBe(0);

        var mail = _peer.Mails.ShouldHaveSingleItem();
        mail.ShouldContain("List-Unsubscribe: <https://acme.test/u/");
        mail.ShouldContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
        Encoding.UTF8.GetString(Convert.FromBase64String(string.Concat(mail[(mail.IndexOf("\n\r\n", StringComparison.Ordinal) is > 0 and var a ? a : mail.IndexOf("\n\n", StringComparison.Ordinal))..].Split('\n').Select(l => l.Trim())))).ShouldContain("नमस्ते Asha");
        (await StateAsync()).ShouldBe(MessageState.Sent);
    }

    [Fact]
    public async Task Gate_IsAsked_AndAnUnsubscribeHoldsForWhatAlreadyWaits()
    {
        await AddAsync("asha@lotus.example.com", "en");
        await Get<SendMessages>().ExecuteAsync(CancellationToken.None);
        (await StateAsync()).ShouldBe(MessageState.Denied);

        await ConsentAsync("dev@lotus.example.com");
        await AddAsync("dev@lotus.example.com", "en");
        var links = Get<IUnsubscribeLinks>();
        var token = links.Of(Acme, "dev@lotus.example.com").Split("/u/")[1];
        links.Read(token).ShouldBe((Acme, "dev@lotus.example.com"));
        links.Read(token + "x").ShouldBeNull();

        // Looked at, nothing happens; a broken link says so; the button ends it.
        var shown = (ContentHttpResult)await Unsubscribe.ShowAsync(links, Get<ITenantStore>(), token, CancellationToken.None);
        shown.ResponseContent!.ShouldContain("dev@lotus.example.com");
        var broken = (ContentHttpResult)await Unsubscribe.EndAsync(links, Get<ManageCompliance>(), token + "x", CancellationToken.None);
        broken.StatusCode.ShouldBe(404);
        broken.ResponseContent!.ShouldContain("Nothing was changed");
        (await ScalarAsync<long>("SELECT count(*) FROM aix.suppressions")).ShouldBe(0);
        await Unsubscribe.EndAsync(links, Get<ManageCompliance>(), token, CancellationToken.None);
        await Get<SendMessages>().ExecuteAsync(CancellationToken.None);
        _peer.Mails.ShouldBeEmpty();
        (await ScalarAsync<long>("SELECT count(*) FROM aix.outreach_messages WHERE state = 2")).ShouldBe(2);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.gate_records WHERE stage = 4 AND NOT allowed")).ShouldBe(2);
    }

    /// <summary>Prevents: who unsubscribes from mail is called the next day, or the other way round; and whoever only shares a company with them is never contacted again.</summary>
    [Fact]
    public async Task OptOut_HoldsForThePerson_OnEveryChannel()
    {
        var ids = (await SubmitAsync(Acme, new { name = "Asha", company = "Lotus", email = "Asha@Lotus.example.com", phone = "+911111100001" }, new { name = "Ravi", company = "Lotus", email = "ravi@lotus.example.com", phone = "+911111100002" })).Select(i => i.LeadId!.Value).ToList();
        await SubmitAsync(Globex, new { name = "Asha", email = "asha@lotus.example.com", phone = "+911111100001" });

        await Get<ManageCompliance>().OptOutAsync(Acme, "asha@lotus.example.com", "unsubscribed", CancellationToken.None);
        (await ScalarAsync<string>("SELECT string_agg(number, ' ' ORDER BY number) FROM aix.suppressions")).ShouldBe("+911111100001 asha@lotus.example.com");
        (await ScalarAsync<long>("SELECT count(*) FROM aix.suppressions WHERE tenant_id = $1", Globex.Value)).ShouldBe(0);

        await using (var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None))
        {
            await Get<IContactHistory>().OptOutAsync(work, new Suppression { TenantId = Acme, Number = "+911111100002", Reason = "optOut", At = Time.GetUtcNow() }, ids[1], null, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        (await ScalarAsync<bool>("SELECT EXISTS (SELECT FROM aix.suppressions WHERE number = 'ravi@lotus.example.com')")).ShouldBeTrue();
    }

    /// <summary>A server that says "later" is asked later; one that says no is not asked again.</summary>
    [Theory]
    [InlineData("450 mailbox busy", MessageState.Waiting)]
    [InlineData("550 no such user", MessageState.Failed)]
    public async Task Server_ThatRefuses_IsTakenAtItsWord(string refusal, MessageState expected)
    {
        _peer.Refusal = refusal;
        await ConsentAsync("asha@lotus.example.com");
        await AddAsync("asha@lotus.example.com", "en");
        await Get<SendMessages>().ExecuteAsync(CancellationToken.None);

        (await StateAsync()).ShouldBe(expected);
    }

    [Theory]
    [InlineData("{nonsense} hello {unsubscribe}", ContactChannel.Email, "no variable {nonsense}")]
    [InlineData("hello", ContactChannel.Email, "offer a way out")]
    [InlineData("hello", ContactChannel.Sms, "DLT platform")]
    [InlineData("", ContactChannel.Email, "1 to 10,000 characters")]
    public void Template_ThatMayNotBeSent_SaysWhy(string body, ContactChannel channel, string says) =>
        ManageTemplates.Check(Template(body, channel, MessageClass.Promotional))!.Message.ShouldContain(says);

    [Fact]
    public void Merge_LeavesNoGaps_AndValuesAreNeverVariables()
    {
        Merge.Fill("Hello {firstName}, from {company}", new Dictionary<string, string> { ["company"] = "Acme" }).ShouldBe("Hello, from Acme");
        Merge.Fill("Hello {name}!", new Dictionary<string, string> { ["name"] = "{unsubscribe}" }).ShouldBe("Hello (unsubscribe)!");
    }

    private MessageTemplate Template(string body, ContactChannel channel, MessageClass type) => new()
    {
        TenantId = Acme,
        Id = Guid.CreateVersion7(Time.GetUtcNow()),
        Name = "Thanks",
        Channel = channel,
        Class = type,
        After = [(short)Disposition.AppointmentSet],
        UpdatedAt = Time.GetUtcNow(),
        Text = JsonSerializer.Serialize(new TemplateText("Thanks", body, "धन्यवाद", body), ManageTemplates.Json),
    };

    private async Task AddAsync(string address, string language)
    {
        var template = Template("x", ContactChannel.Email, MessageClass.Service);
        template = new MessageTemplate { TenantId = Acme, Id = template.Id, Name = template.Name, Channel = template.Channel, Class = template.Class, After = template.After, UpdatedAt = template.UpdatedAt, Text = JsonSerializer.Serialize(new TemplateText("Thanks", "Hello {firstName}\n{unsubscribe}", "धन्यवाद", "नमस्ते {firstName}\n{unsubscribe}"), ManageTemplates.Json) };
        (await Get<ManageTemplates>().SaveAsync(Acme, Actor.System, template, CancellationToken.None)).IsOk.ShouldBeTrue();
        var lead = new MessageLead(Guid.CreateVersion7(Time.GetUtcNow()), "Asha Example", "Lotus", null, null, address, language);
        await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);
        await Get<IOutreachStore>().AddAsync(work, FollowUp.Write(template, lead, address, "Acme", language, null, Get<IUnsubscribeLinks>().Of(Acme, address), null, Acme, Time.GetUtcNow()), CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private async Task ConsentAsync(string address) => (await Get<TakeComplianceFile>().ExecuteAsync(
        Acme, Actor.System, "consent", "c.csv", Encoding.UTF8.GetBytes($"address,channel,purpose,basis,action,date,evidence\n{address},email,service,explicit,given,{Time.GetUtcNow().AddDays(-1).ToString("O", CultureInfo.InvariantCulture)},form"), null, CancellationToken.None)).Value!.Refused.ShouldBe(0);

    private async Task<MessageState> StateAsync() => (MessageState)await ScalarAsync<short>("SELECT state FROM aix.outreach_messages ORDER BY created_at DESC LIMIT 1");

    private sealed class Address : IPublicAddress
    {
        public string Base => "https://acme.test";
    }
}
