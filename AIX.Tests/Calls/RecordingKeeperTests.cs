using AIX.Bench.Vendors;
using AIX.Core.Calls;
using AIX.Core.Shared;
using AIX.Infrastructure.Calls;
using AIX.Infrastructure.Calls.Media;
using AIX.Infrastructure.Calls.Twilio;
using AIX.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

/// <summary>Recordings from a provider that does not have them, over HTTP.</summary>
public sealed class RecordingKeeperTests : DatabaseTest, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aix-recordings-").FullName;
    private bool _there;
    private int _asked;
    private int _deleted;

    /// <summary>Prevents: a recording that was deleted at the provider by somebody else is asked for with every sweep, for three days; and one whose media come a moment after their word is given up.</summary>
    [Fact]
    public async Task Recording_ThatIsNotThere_IsWaitedForAnHour_AndGivenUpThen()
    {
        await using var provider = await VendorServer.StartAsync(AnswerAsync);
        var (early, late) = (await CallAsync("CA01"), await CallAsync("CA02"));
        var store = new CallStore(Sources);
        var route = new RouteOptions { Name = "peer", BaseUrl = provider.Url("").ToString(), AccountSid = "AC00000000000000000000000000000001", AuthToken = "token", CallerId = "+14155550100" };
        var telephony = new TwilioTelephony([route], new HttpClient(), new Address(), new CallOptions(), Time);
        var keeper = new RecordingKeeper(store, telephony, new FileBlobStore(_folder, new EphemeralDataProtectionProvider()), Get<IUnitOfWorkFactory>(), Time);
        async Task<IReadOnlyList<Guid>> TakeAsync()
        {
            foreach (var (tenant, id) in await store.UnkeptRecordingsAsync(Time.GetUtcNow().AddDays(-3), CancellationToken.None))
            {
                var recording = (await store.RecordingAsync(tenant, id, CancellationToken.None))!;
                await keeper.TakeAsync((await store.FindAsync(tenant, id, CancellationToken.None))!, recording.Sid, recording.Status, recording.DurationSeconds, CancellationToken.None);
            }

            return [.. (await store.UnkeptRecordingsAsync(Time.GetUtcNow().AddDays(-3), CancellationToken.None)).Select(u => u.Call)];
        }

        await keeper.NoteAsync((await store.FindAsync(Acme, early, CancellationToken.None))!, "RE01", "completed", 9, CancellationToken.None);
        (await TakeAsync()).ShouldBe([early]);
        _there = true;
        (await TakeAsync()).ShouldBeEmpty();
        (await store.RecordingAsync(Acme, early, CancellationToken.None))!.BlobKey.ShouldNotBeNull();
        _deleted.ShouldBe(1);

        _there = false;
        await keeper.NoteAsync((await store.FindAsync(Acme, late, CancellationToken.None))!, "RE02", "completed", 9, CancellationToken.None);
        Time.Advance(TimeSpan.FromMinutes(61));
        (await TakeAsync()).ShouldBeEmpty();
        var lost = (await store.RecordingAsync(Acme, late, CancellationToken.None))!;
        (lost.BlobKey, lost.DeletedAtProvider is not null).ShouldBe((null, true));
        (_asked, _deleted).ShouldBe((3, 1));
    }

    public void Dispose() => Directory.Delete(_folder, true);

    private async Task AnswerAsync(HttpContext context)
    {
        if (HttpMethods.IsDelete(context.Request.Method))
        {
            _deleted++;
            context.Response.StatusCode = 204;
            return;
        }

        _asked++;
        context.Response.StatusCode = _there ? 200 : 404;
        await (_there ? context.Response.WriteAsync("RIFF") : context.Response.WriteAsJsonAsync(new { code = 20404, message = "The requested resource was not found" }));
    }

    private async Task<Guid> CallAsync(string sid)
    {
        var id = Guid.CreateVersion7(Time.GetUtcNow());
        await ExecuteAsync(
            "INSERT INTO aix.calls (tenant_id, id, lead_id, to_number, from_number, route, flow_key, flow_version, language, transport, state, gate, facts, recording_refused, created_at, ended_at, seen_at, wrapped_up, provider_sid) VALUES ($1, $2, $2, '+911111100001', '+14155550100', 'peer', 'f', 1, 'en', 0, 5, '{}', '{}', false, $3, $3, $3, true, $4)",
            Acme.Value, id, Time.GetUtcNow(), sid);
        return id;
    }

    private sealed class Address : IPublicAddress
    {
        public string Base => "http://localhost";
    }
}
