using System.Globalization;
using AIX.Bench.Vendors;
using AIX.Core.Calls;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Calls;
using AIX.Infrastructure.Calls.Twilio;
using AIX.Infrastructure.Enrichment;
using AIX.Tests.Support;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

/// <summary>The attempts beside the provider's records, which come over HTTP, in pages.</summary>
public class ReconcileTests : DatabaseTest
{
    private const string Account = "AC00000000000000000000000000000001";
    private const string CallerId = "+14155550100";

    private readonly List<object> _records = [];
    private readonly List<string> _hungUp = [];
    private readonly List<string> _asked = [];

    /// <summary>Prevents: a call that nobody knows rings on at our cost; an attempt stays open, or has the wrong length, because every callback of its end was lost.</summary>
    [Fact]
    public async Task Records_SettleWhatWentUnheard_CorrectLengths_AndEndOrphans()
    {
        var now = Time.GetUtcNow();
        await CallAsync(Acme, "CA01", 4, null, now.AddMinutes(-6));
        await CallAsync(Globex, "CA02", 5, 10, now.AddMinutes(-6));
        await CallAsync(Acme, "CA03", 5, 30, now.AddMinutes(-6));
        await CallAsync(Acme, "CA04", 4, null, now.AddMinutes(-5));
        await CallAsync(Acme, "CA11", 8, null, now.AddMinutes(-6));
        Record("CA11", "in-progress", now.AddMinutes(-6));
        Record("CA01", "completed", now.AddMinutes(-6), 42);
        Record("CA02", "completed", now.AddMinutes(-6), 37);
        Record("CA03", "completed", now.AddMinutes(-6), 30);
        Record("CA05", "in-progress", now.AddMinutes(-5));
        Record("CA06", "ringing", now.AddSeconds(-30));
        Record("CA07", "in-progress", now.AddMinutes(-5), parent: "CA03");
        Record("CA08", "in-progress", now.AddMinutes(-5), direction: "inbound");
        Record("CA09", "completed", now.AddMinutes(-5), 9);
        Record("CA10", "in-progress", now.AddDays(-1));
        await using var provider = await ProviderAsync();

        var found = await Reconcile(provider, new CallOptions()).ExecuteAsync(CancellationToken.None);

        found.ShouldNotBeNull();
        (found.Seen, found.Settled, found.Corrected, found.Missing).ShouldBe((7, 1, 1, 1));
        found.Orphans.Select(o => o.Sid).ShouldBe(["CA11", "CA05"]);
        _hungUp.ShouldBe(["CA11", "CA05"]);
        (await ScalarAsync<string>("SELECT string_agg(provider_sid || ':' || state || ':' || coalesce(duration_seconds, -1), ' ' ORDER BY provider_sid) FROM aix.calls")).ShouldBe("CA01:5:42 CA02:5:37 CA03:5:30 CA04:4:-1 CA11:8:-1");
        _asked.Count.ShouldBe(4);
        _asked.ShouldAllBe(q => q.Contains("From=%2B14155550100") && q.Contains("StartTime%3E="));
    }

    /// <summary>Prevents: every node asks the provider for the same records.</summary>
    [Fact]
    public async Task Records_AreComparedOnceInAnInterval_ByOneNode()
    {
        await using var provider = await ProviderAsync();

        var rounds = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Reconcile(provider, new CallOptions()).ExecuteAsync(CancellationToken.None)));

        rounds.Count(r => r is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Orphan_OnASharedCallerId_IsReportedOnly()
    {
        Record("CA05", "in-progress", Time.GetUtcNow().AddMinutes(-5));
        await using var provider = await ProviderAsync();

        var found = await Reconcile(provider, new CallOptions { EndOrphans = false }).CompareAsync(Time.GetUtcNow(), CancellationToken.None);

        found.Orphans.Select(o => o.Sid).ShouldBe(["CA05"]);
        _hungUp.ShouldBeEmpty();
    }

    /// <summary>Prevents: a list that leads to another host gets the account's password.</summary>
    [Fact]
    public async Task Page_OutsideTheAccount_IsNotFollowed()
    {
        await using var provider = await VendorServer.StartAsync(c => c.Response.WriteAsJsonAsync(new { calls = new[] { new { sid = "CA01" } }, next_page_uri = "@elsewhere.test/2010-04-01" }));

        (await Should.ThrowAsync<AggregateException>(() => Reconcile(provider, new CallOptions()).CompareAsync(Time.GetUtcNow(), CancellationToken.None))).InnerExceptions.ShouldHaveSingleItem().ShouldBeOfType<HttpRequestException>();
    }

    private ReconcileCalls Reconcile(VendorServer provider, CallOptions options)
    {
        var account = new RouteOptions { Name = "peer", BaseUrl = provider.Url("").ToString(), AccountSid = Account, AuthToken = "token", CallerId = CallerId };
        var again = new RouteOptions { Name = "peer-again", BaseUrl = provider.Url("").ToString(), AccountSid = Account, AuthToken = "token", CallerId = CallerId };
        var store = new CallStore(Sources);
        var telephony = new TwilioTelephony([account, again], new HttpClient(), new Address(), options, Time);
        var works = Get<IUnitOfWorkFactory>();
        return new ReconcileCalls(store, telephony, new TakeCallEvent(store, telephony, options, works, Time), new SourcePaces(Sources), options, works, Time);
    }

    /// <summary>Lists three at a time, the newest first; takes a call's end.</summary>
    private Task<VendorServer> ProviderAsync() => VendorServer.StartAsync(async context =>
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            _hungUp.Add(Path.GetFileNameWithoutExtension(context.Request.Path.Value!));
            await context.Response.WriteAsJsonAsync(new { sid = _hungUp[^1] });
            return;
        }

        if (Path.GetFileNameWithoutExtension(context.Request.Path.Value!) is var one and not "Calls")
        {
            await context.Response.WriteAsJsonAsync(_records.Single(r => r.ToString()!.Contains($"sid = {one},", StringComparison.Ordinal)));
            return;
        }

        _asked.Add(context.Request.QueryString.Value!);
        var page = int.Parse(context.Request.Query["Page"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
        var next = _records.Count > (page + 1) * 3 ? $"/2010-04-01/Accounts/{Account}/Calls.json?From=%2B14155550100&StartTime%3E=2026-01-01&Page={page + 1}" : null;
        await context.Response.WriteAsJsonAsync(new { calls = _records.Skip(page * 3).Take(3), next_page_uri = next });
    });

    private void Record(string sid, string status, DateTimeOffset created, int? seconds = null, string? parent = null, string direction = "outbound-api") => _records.Add(new
    {
        sid,
        status,
        direction,
        parent_call_sid = parent,
        to = "+911111100001",
        from = CallerId,
        duration = seconds?.ToString(CultureInfo.InvariantCulture),
        date_created = created.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture),
    });

    private Task CallAsync(TenantId tenant, string sid, int state, int? seconds, DateTimeOffset at) => ExecuteAsync(
        "INSERT INTO aix.calls (tenant_id, id, lead_id, to_number, from_number, route, flow_key, flow_version, language, transport, state, gate, facts, recording_refused, created_at, seen_at, wrapped_up, provider_sid, duration_seconds) VALUES ($1, $2, $2, '+911111100001', '+14155550100', 'peer', 'f', 1, 'en', 0, $3, '{}', '{}', false, $4, $4, true, $5, $6)",
        tenant.Value, Guid.CreateVersion7(at), (short)state, at, sid, (object?)seconds ?? DBNull.Value);

    private sealed class Address : IPublicAddress
    {
        public string Base => "http://localhost";
    }
}
