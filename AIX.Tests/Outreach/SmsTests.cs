using System.Globalization;
using System.Net;
using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Calls;
using AIX.Core.Compliance;
using AIX.Core.Outreach;
using AIX.Core.Shared;
using AIX.Infrastructure.Calls.Simulation;
using AIX.Infrastructure.Calls.Twilio;
using AIX.Infrastructure.Compliance;
using AIX.Infrastructure.Outreach;
using AIX.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;
using RouteOptions = AIX.Core.Calls.RouteOptions;

namespace AIX.Tests.Outreach;

/// <summary>SMS from the waiting message to the provider's interface, over HTTP.</summary>
public sealed class SmsTests : DatabaseTest, IDisposable
{
    private readonly List<string> _bodies = [];
    private WebApplication _provider = null!;
    private WebApplication _product = null!;
    private TwilioSimulator _simulator = null!;

    internal override void AddServices(IServiceCollection services)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.Use(async (context, next) =>
        {
            context.Request.EnableBuffering();
            _bodies.Add(await new StreamReader(context.Request.Body).ReadToEndAsync());
            context.Request.Body.Position = 0;
            await next(context);
        });
        _simulator = new TwilioSimulator(new CallOptions(), Time);
        _simulator.Map(_provider);
        _provider.Start();

        // The product's own entrance, with the services of this test.
        var entrance = WebApplication.CreateSlimBuilder();
        entrance.Logging.ClearProviders();
        entrance.WebHost.UseUrls("http://127.0.0.1:0");
        entrance.Services.AddSingleton(_ => Get<TwilioForms>()).AddSingleton(_ => Get<TwilioTelephony>()).AddSingleton(_ => Get<HearMessage>());
        _product = entrance.Build();
        _product.MapOutreach();
        _product.Start();
        var route = new RouteOptions { Name = "peer", BaseUrl = _provider.Urls.First() + "/sim/twilio", AccountSid = TwilioSimulator.AccountSid, AuthToken = TwilioSimulator.Token, CallerId = "+14155550100" };
        services.AddSingleton<IOutreachStore, OutreachStore>().AddSingleton<SendMessages>().AddSingleton<IUnsubscribeLinks, UnsubscribeLinks>().AddSingleton<IPublicAddress>(new Address())
            .AddSingleton(s => new TwilioTelephony([route], new HttpClient(), s.GetRequiredService<IPublicAddress>(), new CallOptions(), Time)).AddSingleton<IMessageSender, TwilioSms>()
            .AddSingleton<IContactHistory, ContactHistoryStore>().AddSingleton<ICallGate, CallGate>().AddSingleton<IComplianceStore, ComplianceStore>().AddSingleton<TakeComplianceFile>().AddSingleton<ManageCompliance>().AddSingleton<TwilioForms>().AddSingleton<HearMessage>();
    }

    public void Dispose()
    {
        ((IDisposable)_product).Dispose();
        ((IDisposable)_provider).Dispose();
        _simulator.Dispose();
    }

    /// <summary>Prevents: an SMS to India leaves under a number, which the network writes over, and not under the registered header.</summary>
    [Fact]
    public async Task Sms_ToIndia_LeavesUnderItsHeader_AndOnce()
    {
        await AddAsync(NumberOf(PersonaKind.Keen));

        await Get<SendMessages>().ExecuteAsync(CancellationToken.None);
        await Get<SendMessages>().ExecuteAsync(CancellationToken.None);

        _bodies.ShouldHaveSingleItem().ShouldContain("From=ACMEIN&Body=Thank+you");
        (await StateAsync()).ShouldBe((short)MessageState.Sent);
    }

    /// <summary>Prevents: somebody who told the provider to stop is called, because only the provider knows.</summary>
    [Fact]
    public async Task Sms_ToSomebodyWhoToldTheProviderToStop_SuppressesThem()
    {
        var number = NumberOf(PersonaKind.OptsOut);
        await AddAsync(number);

        await Get<SendMessages>().ExecuteAsync(CancellationToken.None);

        (await StateAsync()).ShouldBe((short)MessageState.Failed);
        (await ScalarAsync<string>("SELECT string_agg(number || ' ' || reason, ',' ORDER BY number) FROM aix.suppressions")).ShouldBe($"{number} provider,somebody@lotus.example.com provider");
    }

    /// <summary>Prevents: somebody answers STOP to a message, and is called the next day; or anybody on the internet can take a number off the list of those to be called.</summary>
    [Fact]
    public async Task AnswerThatSaysStop_EndsEverything_ForEachTenantThatReachedTheNumber()
    {
        var number = NumberOf(PersonaKind.Keen);
        await AddAsync(number);
        await Get<SendMessages>().ExecuteAsync(CancellationToken.None);
        var answer = new Dictionary<string, string> { ["From"] = number, ["To"] = "+14155550100", ["Body"] = "Sounds good, thank you", ["MessageSid"] = "SM" + new string('0', 32), ["AccountSid"] = TwilioSimulator.AccountSid };

        (await AnswerAsync(answer)).ShouldBe(HttpStatusCode.OK);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.suppressions")).ShouldBe(0);

        answer["Body"] = "बंद करो";
        (await AnswerAsync(answer, token: "not-the-token")).ShouldBe(HttpStatusCode.Forbidden);
        (await AnswerAsync(answer, route: "another")).ShouldBe(HttpStatusCode.Forbidden);
        (await AnswerAsync(new(answer) { ["AccountSid"] = "AC" + new string('9', 32) })).ShouldBe(HttpStatusCode.Forbidden);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.suppressions")).ShouldBe(0);

        (await AnswerAsync(answer)).ShouldBe(HttpStatusCode.OK);
        (await AnswerAsync(answer)).ShouldBe(HttpStatusCode.OK);
        (await ScalarAsync<string>("SELECT string_agg(number || ' ' || reason, ',' ORDER BY number) FROM aix.suppressions")).ShouldBe($"{number} sms,somebody@lotus.example.com sms");
        (await ScalarAsync<long>($"SELECT count(*) FROM aix.suppressions WHERE tenant_id <> '{Acme.Value}'")).ShouldBe(0);
        await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);
        var call = new ContactIntent(Guid.CreateVersion7(), number, "+14155550100", CallerIdKind.International, true, 25, MessageClass.Service, null, ContactChannel.Voice);
        (await Get<ICallGate>().AskAsync(work, call, GateStage.Look, null, null, CancellationToken.None)).Denials.ShouldContain(d => d.Rule == "suppressed");
    }

    [Theory]
    [InlineData("STOP", true)]
    [InlineData(" stop.", true)]
    [InlineData("Stop calling me please", true)]
    [InlineData("UNSUBSCRIBE", true)]
    [InlineData("don't call me again", true)]
    [InlineData("Don’t message", true)]
    [InlineData("mat bhejo", true)]
    [InlineData("band karo ye", true)]
    [InlineData("मत भेजो", true)]
    [InlineData("रोकें", true)]
    [InlineData("Cancel", true)]
    [InlineData("cancel my order of Tuesday", false)]
    [InlineData("in the end yes", false)]
    [InlineData("please do not stop", false)]
    [InlineData("", false)]
    [InlineData("हाँ, भेजिए", false)]
    public void Stop_IsHeard_InBothLanguages(string body, bool stops)
    {
        HearMessage.IsStop(body, null).ShouldBe(stops);
        HearMessage.IsStop(body, "STOP").ShouldBeTrue();
    }

    private async Task<HttpStatusCode> AnswerAsync(Dictionary<string, string> fields, string token = TwilioSimulator.Token, string route = "peer")
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_product.Urls.First()}/twilio/sms/{route}") { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("X-Twilio-Signature", Convert.ToBase64String(TwilioSignature.Sign(token, $"https://acme.test/twilio/sms/{route}" + string.Concat(fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Key + f.Value)))));
        return (await client.SendAsync(request)).StatusCode;
    }

    private static string NumberOf(PersonaKind kind) => Enumerable.Range(1, 500).Select(i => $"+9111111{i:00000}").First(n => new Persona(int.Parse(n[^6..], CultureInfo.InvariantCulture)).Kind == kind);

    private async Task AddAsync(string number)
    {
        var consent = $"address,channel,purpose,basis,action,date,evidence\n{number},sms,service,explicit,given,{Time.GetUtcNow().AddDays(-1).ToString("O", CultureInfo.InvariantCulture)},form";
        (await Get<TakeComplianceFile>().ExecuteAsync(Acme, Actor.System, "consent", "c.csv", Encoding.UTF8.GetBytes(consent), null, CancellationToken.None)).Value!.Refused.ShouldBe(0);
        var lead = (await SubmitAsync(Acme, new { name = "Somebody", phone = number, email = "somebody@lotus.example.com" }))[0].LeadId!.Value;
        await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);
        await Get<IOutreachStore>().AddAsync(
            work,
            new OutreachMessage { TenantId = Acme, Id = Guid.CreateVersion7(Time.GetUtcNow()), LeadId = lead, Channel = ContactChannel.Sms, Class = MessageClass.Service, Address = number, Language = "en", Subject = "", Body = "Thank you", DltTemplateId = "1107161234567890123", DltHeader = "ACMEIN", State = MessageState.Waiting, NextAt = Time.GetUtcNow(), CreatedAt = Time.GetUtcNow() },
            CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private Task<short> StateAsync() => ScalarAsync<short>("SELECT state FROM aix.outreach_messages");

    private sealed class Address : IPublicAddress
    {
        public string Base => "https://acme.test";
    }
}
