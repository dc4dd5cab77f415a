using AIX.Bench;
using AIX.Core.Compliance;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AIX.Tests.Compliance;

public class GateTests
{
    private static readonly ContactIntent Intent = new(Guid.CreateVersion7(), "+911111100001", "+14155550100", CallerIdKind.International, true, 25, MessageClass.Service);
    private static readonly ContactFacts Consented = ContactFacts.None with { Consents = [new Consent(MessageClass.Service, true, null, DateTimeOffset.Parse("2026-11-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture), null, null)] };

    /// <summary>Twenty thousand questions; the million is <c>./aix bench gate</c>. Prevents: a call that the law forbids, and a no that it does not ask for.</summary>
    [Fact]
    public void Gate_AgreesWithASecondOpinion()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => GateRules.Denials(GateTrial.Question(GateCases.Make(seed)), GateRules.All).Count == 0 == GateOracle.MayCall(GateCases.Make(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
        var f = GateTrial.Measure(1_000_000, 20_000);
        f.WronglyAllowed.ShouldBe(0, f.Example?.ToString());
        f.WronglyRefused.ShouldBe(0, f.Example?.ToString());

        // The questions are worth asking, and every rule matters.
        f.RulesWithoutEffect.ShouldBeEmpty();
        f.Allowed.ShouldBeGreaterThan(f.Cases / 5);
        f.NearBoundary.ShouldBeGreaterThan(f.Cases / 20);
    }

    [Theory]
    [InlineData("2026-11-23T09:59:59+05:30", false)]
    [InlineData("2026-11-23T10:00:00+05:30", true)]
    [InlineData("2026-11-23T20:59:34+05:30", true)]
    [InlineData("2026-11-23T20:59:35+05:30", false)]
    public async Task Window_IsTheCallees_LessTheTimeOfRinging(string at, bool open) => (await AskAsync(at, Consented)).Allowed.ShouldBe(open);

    /// <summary>Prevents: a broken rule, or a database that does not answer, lets calls through.</summary>
    [Fact]
    public async Task WhateverBreaks_IsANo()
    {
        (await AskAsync("2026-11-23T12:00:00+05:30", null)).Denials.ShouldHaveSingleItem().Rule.ShouldBe("error");
        var question = new CallCase(Intent, Consented, DateTimeOffset.UnixEpoch, RulePack.Shipped);
        GateRules.Denials(question, [new Broken()]).ShouldHaveSingleItem().Rule.ShouldBe("error");
    }

    /// <summary>Britain changes its clocks: the window is the wall clock's there.</summary>
    [Theory]
    [InlineData("2026-10-24T08:00:00Z", true)]
    [InlineData("2026-10-24T07:59:59Z", false)]
    [InlineData("2026-10-26T08:00:00Z", false)]
    [InlineData("2026-10-26T09:00:00Z", true)]
    public async Task Window_FollowsDaylightSaving(string at, bool open) =>
        (await AskAsync(at, Consented with { Consents = [Consented.Consents[0] with { GivenAt = DateTimeOffset.Parse("2026-10-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture) }] }, Intent with { Address = "+447911123456" })).Allowed.ShouldBe(open);

    [Fact]
    public async Task Again_SaysWhenItIsWorthAsking()
    {
        (await AskAsync("2026-11-23T22:00:00+05:30", Consented)).Again.ShouldBe(DateTimeOffset.Parse("2026-11-24T10:00:00+05:30", System.Globalization.CultureInfo.InvariantCulture));
        (await AskAsync("2026-11-23T22:00:00+05:30", Consented with { Suppressed = true })).Again.ShouldBeNull();
    }

    [Fact]
    public void Tightening_NeverLoosens()
    {
        var law = RulePack.Shipped.Countries[0];
        new Tightening { OpenHour = 8 }.Check(law)!.Field.ShouldBe(nameof(Tightening.OpenHour));
        new Tightening { PerDay = 5 }.Check(law)!.Field.ShouldBe(nameof(Tightening.PerDay));
        new Tightening { OpenHour = 20, CloseHour = 20 }.Check(law).ShouldNotBeNull();
        new Tightening { OpenHour = 11, CloseHour = 19, PerDay = 1, Holidays = ["2026-12-24"] }.Check(law).ShouldBeNull();
        var pack = RulePack.Shipped.With(new Tightening { OpenHour = 1, CloseHour = 24, PerDay = 99, CoolOffDays = 1 }, 3);
        (pack.Countries[0] with { Holidays = law.Holidays, Promotional = law.Promotional, Service = law.Service, Transactional = law.Transactional }).ShouldBe(law with { });
        pack.Countries[0].Promotional.ShouldBe(law.Promotional);
        pack.Version.ShouldEndWith("/3");
    }

    private static Task<GateDecision> AskAsync(string at, ContactFacts? facts, ContactIntent? intent = null) =>
        new CallGate(new Fixed(facts), new At(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture))).AskAsync(new Nothing(), intent ?? Intent, GateStage.Look, null, null, CancellationToken.None);

    private sealed class Broken : IGateRule
    {
        public string Id => "broken";

        public Denial? Ask(CallCase question) => throw new InvalidOperationException("broken");
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed class Nothing : IUnitOfWork
    {
        public TenantId TenantId => default;

        public void Raise(IDomainEvent domainEvent)
        {
        }

        public void Tell(Notice notice)
        {
        }

        public Task CommitAsync(CancellationToken ct) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <param name="facts">Null breaks.</param>
    private sealed class Fixed(ContactFacts? facts) : IContactHistory
    {
        public Task<AddressFacts> OfAsync(IUnitOfWork work, string address, ContactChannel channel, DateTimeOffset now, Guid? but, bool hold, CancellationToken ct) =>
            facts is null ? throw new InvalidOperationException("broken") : Task.FromResult(new AddressFacts(facts, null, 0));

        public Task<IReadOnlyDictionary<string, ContactFacts>> OfAsync(IUnitOfWork work, IReadOnlyCollection<string> addresses, ContactChannel channel, DateTimeOffset now, IReadOnlyCollection<Guid> but, CancellationToken ct) =>
            facts is null ? throw new InvalidOperationException("broken") : Task.FromResult<IReadOnlyDictionary<string, ContactFacts>>(addresses.ToDictionary(a => a, _ => facts));

        public Task<(Tightening? Own, int Version)> TighteningAsync(IUnitOfWork work, CancellationToken ct) => Task.FromResult<(Tightening?, int)>((null, 0));

        public Task OptOutAsync(IUnitOfWork work, Suppression suppression, Guid? lead, Guid? contact, CancellationToken ct) => Task.CompletedTask;

        public Task ComplainAsync(IUnitOfWork work, Complaint complaint, CancellationToken ct) => Task.CompletedTask;

        public void Record(IUnitOfWork work, IReadOnlyList<GateRecord> records)
        {
        }
    }
}
