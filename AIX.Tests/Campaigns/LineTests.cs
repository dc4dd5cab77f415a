using System.Globalization;
using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Calls;
using AIX.Core.Campaigns;
using AIX.Core.Compliance;
using AIX.Core.Shared;
using AIX.Infrastructure.Calls;
using AIX.Infrastructure.Calls.Twilio;
using AIX.Infrastructure.Campaigns;
using AIX.Infrastructure.Database;
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

namespace AIX.Tests.Campaigns;

/// <summary>What a campaign asks of calls that are with the provider already, over the provider's own protocol. Half past eleven of a Friday in India.</summary>
public sealed class LineTests : DatabaseTest, IDisposable
{
    private const string Account = "AC0123456789abcdef0123456789abcdef";
    private const string Number = "+911111150910";

    private readonly List<string> _asked = [];
    private WebApplication _provider = null!;

    internal override void AddServices(IServiceCollection services)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.MapPost("/2010-04-01/Accounts/{account}/Calls/{sid}.json", async (HttpContext http, string sid) =>
        {
            _asked.Add(sid[^4..] + " " + string.Join(' ', (await http.Request.ReadFormAsync()).Where(f => f.Key != "Method").Select(f => $"{f.Key}={f.Value}")));
            return Results.Json(new { sid, status = "in-progress" });
        });
        _provider.Start();
        var route = new RouteOptions { Name = "peer", BaseUrl = _provider.Urls.First(), AccountSid = Account, AuthToken = "a-token-of-nobody", CallerId = "+14155550100" };
        services.AddSingleton(new CallOptions()).AddSingleton(new CallRouteList { Routes = [route] }).AddSingleton(new RecordingOptions()).AddSingleton<IPublicAddress>(new Address()).AddSingleton(new CampaignOptions());
        services.AddCalls(Path.GetTempPath()).AddCampaigns(worker: false);
    }

    public void Dispose() => ((IDisposable)_provider).Dispose();

    /// <summary>Prevents: somebody opts out, or the window closes, while the call waits in the provider's queue, and the phone rings all the same.</summary>
    [Theory]
    [InlineData("nothing")]
    [InlineData("opt-out")]
    [InlineData("window")]
    public async Task CallThatWaitsAtTheProvider_IsRecalled_WhenNobodyMayBeCalledAnyMore(string happens)
    {
        await ConsentAsync();
        var call = await CallAsync(CallState.Queued, "{}");
        switch (happens)
        {
            case "opt-out":
                (await Get<ManageCompliance>().SuppressAsync(Acme, Actor.System, Number, "person", CancellationToken.None)).IsOk.ShouldBeTrue();
                break;
            case "window":
                // Eight in the evening: the campaign's own hours are over, the law's are not.
                Time.Advance(TimeSpan.FromHours(8.6));
                break;
        }

        await Get<RecallCalls>().ExecuteAsync(CancellationToken.None);

        _asked.ShouldBe(happens == "nothing" ? [] : ["0001 Status=completed"]);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.gate_records WHERE call_id = $1 AND NOT allowed", call)).ShouldBe(happens == "nothing" ? 0 : 1);
    }

    /// <summary>Prevents: words are left on a machine by a campaign that did not choose it, or before the machine records; or the opening is spoken to a person's beep by mistake.</summary>
    [Theory]
    [InlineData("yes", "machine_end_beep", "Url=https://acme.test/twilio/voicemail/")]
    [InlineData("yes", "machine_start", "Status=completed")]
    [InlineData("", "machine_end_beep", "Status=completed")]
    [InlineData("yes", "human", null)]
    public async Task Machine_GetsTheOpeningWords_OnlyWhereTheCampaignLeavesThem(string drop, string answeredBy, string? asks)
    {
        var call = await CallAsync(CallState.InProgress, $$"""{"{{PlaceCall.VoicemailFact}}":"{{drop}}"}""");

        await Get<TakeCallEvent>().AnsweredAsync(Acme, call, Sid, answeredBy, CancellationToken.None);

        (_asked.SingleOrDefault() ?? "none").ShouldStartWith(asks is null ? "none" : "0001 " + asks);
    }

    private static string Sid => "CA" + new string('0', 28) + "0001";

    private async Task ConsentAsync()
    {
        var consent = $"address,channel,purpose,basis,action,date,evidence\n{Number},voice,service,explicit,given,{Time.GetUtcNow().AddDays(-1).ToString("O", CultureInfo.InvariantCulture)},form";
        (await Get<TakeComplianceFile>().ExecuteAsync(Acme, Actor.System, "consent", "c.csv", Encoding.UTF8.GetBytes(consent), null, CancellationToken.None)).Value!.Refused.ShouldBe(0);
    }

    private async Task<Guid> CallAsync(CallState state, string facts)
    {
        var lead = (await SubmitAsync(Acme, new { name = "Called", phone = Number }))[0].LeadId!.Value;
        var now = Time.GetUtcNow();
        var campaign = new Campaign { TenantId = Acme, Id = Guid.CreateVersion7(now), Name = "Line", State = CampaignState.Running, Plan = new CampaignPlan { Class = MessageClass.Service, Route = "peer" }.Write(), Version = 1, CreatedAt = now, UpdatedAt = now };
        var call = new Call
        {
            TenantId = Acme,
            Id = Guid.CreateVersion7(now),
            LeadId = lead,
            CampaignId = campaign.Id,
            Attempt = 1,
            ToNumber = Number,
            FromNumber = "+14155550100",
            Route = "peer",
            FlowKey = "qualification",
            FlowVersion = 1,
            Language = "en",
            Transport = CallTransport.Gather,
            State = state,
            ProviderSid = Sid,
            Gate = "{}",
            Facts = facts,
            CreatedAt = now,
            SeenAt = now,
        };
        await using var work = await Get<IUnitOfWorkFactory>().BeginAsync(Acme, CancellationToken.None);
        var db = UnitOfWork.Of(work).Db;
        db.AddRange(campaign, call);
        await db.SaveChangesAsync();
        await work.CommitAsync(CancellationToken.None);
        return call.Id;
    }

    private sealed class Address : IPublicAddress
    {
        public string Base => "https://acme.test";
    }
}
