using System.Globalization;
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
        var route = new RouteOptions { Name = "peer", BaseUrl = _provider.Urls.First() + "/sim/twilio", AccountSid = TwilioSimulator.AccountSid, AuthToken = TwilioSimulator.Token, CallerId = "+14155550100" };
        services.AddSingleton<IOutreachStore, OutreachStore>().AddSingleton<SendMessages>().AddSingleton<IUnsubscribeLinks, UnsubscribeLinks>().AddSingleton<IPublicAddress>(new Address())
            .AddSingleton(s => new TwilioTelephony([route], new HttpClient(), s.GetRequiredService<IPublicAddress>(), new CallOptions(), Time)).AddSingleton<IMessageSender, TwilioSms>()
            .AddSingleton<IContactHistory, ContactHistoryStore>().AddSingleton<ICallGate, CallGate>().AddSingleton<IComplianceStore, ComplianceStore>().AddSingleton<TakeComplianceFile>();
    }

    public void Dispose()
    {
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
