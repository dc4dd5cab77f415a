using AIX.Core.Auditing;
using AIX.Tests.Support;
using Shouldly;
using Xunit;

namespace AIX.Tests.Database;

public class AuditChainTests : DatabaseTest
{
    [Fact]
    public async Task Chain_HoldsUnderManyWriters_AndShowsWhatWasChangedOrRemoved()
    {
        var log = Get<IAuditLog>();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => log.AppendAsync(Acme, Actor.System, "test.line", new { n = i, ratio = 1.50, text = "é “quoted” हाँ", nested = new { b = 1, a = (string?)null }, at = Time.GetUtcNow() }, CancellationToken.None)));
        await log.AppendAsync(Globex, Actor.System, "test.line", new { }, CancellationToken.None);
        var first = await log.VerifyAsync(Acme, CancellationToken.None);
        first.BrokenAt.ShouldBeNull();
        first.Lines.ShouldBeGreaterThanOrEqualTo(20);
        (await log.ListAsync(Acme, "test", null, 100, CancellationToken.None)).Count.ShouldBe(20);
        (await log.ListAsync(Globex, "test", null, 100, CancellationToken.None)).ShouldHaveSingleItem();

        var middle = first.Lines - 5;
        await ExecuteAsync("UPDATE aix.audit_entries SET details = '{\"n\": 99}' WHERE tenant_id = $1 AND sequence = $2", Acme.Value, middle);
        (await log.VerifyAsync(Acme, CancellationToken.None)).BrokenAt.ShouldBe(middle);
        await ExecuteAsync("DELETE FROM aix.audit_entries WHERE tenant_id = $1 AND sequence = $2", Acme.Value, middle);
        (await log.VerifyAsync(Acme, CancellationToken.None)).BrokenAt.ShouldBe(middle);
        (await log.VerifyAsync(Globex, CancellationToken.None)).BrokenAt.ShouldBeNull();
    }

    /// <summary>Prevents: the address that somebody acted from is changed, taken away or added afterwards.</summary>
    [Theory]
    [InlineData("203.0.113.7", "'203.0.113.8'")]
    [InlineData("203.0.113.7", "NULL")]
    [InlineData(null, "'203.0.113.7'")]
    public async Task Chain_CoversTheAddress(string? from, string changed)
    {
        var log = Get<IAuditLog>();
        await log.AppendAsync(Acme, Actor.User(Guid.CreateVersion7()) with { From = from }, "test.line", new { }, CancellationToken.None);
        await log.AppendAsync(Acme, Actor.System, "test.line", new { }, CancellationToken.None);
        (await log.VerifyAsync(Acme, CancellationToken.None)).BrokenAt.ShouldBeNull();
        var line = (await log.ListAsync(Acme, "test", null, 10, CancellationToken.None))[1];
        line.From.ShouldBe(from);

        await ExecuteAsync($"UPDATE aix.audit_entries SET from_address = {changed} WHERE tenant_id = $1 AND sequence = $2", Acme.Value, line.Sequence);

        (await log.VerifyAsync(Acme, CancellationToken.None)).BrokenAt.ShouldBe(line.Sequence);
    }
}
