using AIX.Core.Compliance;
using AIX.Core.Shared;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

public class CallGateTests
{
    private static readonly CallIntent Intent = new(Guid.CreateVersion7(), "+911111100001", "+14155550100", "International", 25);

    [Theory]
    [InlineData("2026-11-23T09:59:59+05:30", "window")]
    [InlineData("2026-11-23T10:00:00+05:30", null)]
    [InlineData("2026-11-23T20:59:34+05:30", null)]
    [InlineData("2026-11-23T20:59:35+05:30", "window")]
    [InlineData("2026-11-24T02:00:00+05:30", "window")]
    public async Task Window_IsTheCallees_LessTheTimeOfRinging(string at, string? denied) => (await RulesAsync(at, new ContactHistory(false, 0, 0, 0, false))).ShouldBe(denied is null ? [] : [denied]);

    [Theory]
    [InlineData(true, 0, 0, 0, false, "suppressed")]
    [InlineData(false, 2, 2, 2, false, "perDay")]
    [InlineData(false, 0, 5, 5, false, "perSevenDays")]
    [InlineData(false, 0, 0, 10, false, "perThirtyDays")]
    [InlineData(false, 1, 4, 9, false, null)]
    [InlineData(false, 0, 0, 0, true, "duplicate")]
    public async Task History_IsHeld(bool suppressed, int today, int seven, int thirty, bool open, string? denied) =>
        (await RulesAsync("2026-11-23T12:00:00+05:30", new ContactHistory(suppressed, today, seven, thirty, open))).ShouldBe(denied is null ? [] : [denied]);

    [Theory]
    [InlineData("+919876543210", "International", "callerId")]
    [InlineData("+911401234567", "Series140", null)]
    public async Task CallerId_OfIndia_ComesThroughAnIndianRouteOnly(string callerId, string kind, string? denied) =>
        (await RulesAsync("2026-11-23T12:00:00+05:30", new ContactHistory(false, 0, 0, 0, false), Intent with { CallerId = callerId, ReachesIndiaBy = kind })).ShouldBe(denied is null ? [] : [denied]);

    [Theory]
    [InlineData("12345", "number")]
    [InlineData("+14155550123", "zone")]
    [InlineData("+91' OR 1=1", "number")]
    public async Task Number_ThatIsNone_OrOfAnUnknownZone_IsDenied(string number, string denied) => (await RulesAsync("2026-11-23T12:00:00+05:30", new ContactHistory(false, 0, 0, 0, false), Intent with { Number = number })).ShouldBe([denied]);

    /// <summary>Prevents: a broken rule lets calls through.</summary>
    [Fact]
    public async Task Rule_ThatThrows_IsANo() => (await RulesAsync("2026-11-23T12:00:00+05:30", null)).ShouldBe(["error"]);

    private static async Task<string[]> RulesAsync(string at, ContactHistory? history, CallIntent? intent = null)
    {
        var gate = new CallGate(new Fixed(history), new CallGateOptions(), new At(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)));
        var decision = await gate.AskAsync(null!, intent ?? Intent, CancellationToken.None);
        decision.Allowed.ShouldBe(decision.Denials.Count == 0);
        return [.. decision.Denials.Select(d => d.Rule)];
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    /// <param name="history">Null breaks.</param>
    private sealed class Fixed(ContactHistory? history) : IContactHistory
    {
        public Task<ContactHistory> OfAsync(IUnitOfWork work, string number, DateTimeOffset midnight, DateTimeOffset now, CancellationToken ct) => history is null ? throw new InvalidOperationException("broken") : Task.FromResult(history);

        public Task SuppressAsync(IUnitOfWork work, Suppression suppression, CancellationToken ct) => Task.CompletedTask;
    }
}
