using System.Globalization;
using System.IO.Compression;
using System.Text;
using AIX.Core.Auditing;
using AIX.Core.Insights;
using AIX.Core.Outreach;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Insights;
using AIX.Infrastructure.Outreach;
using AIX.Infrastructure.Tenancy;
using AIX.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Insights;

/// <summary>Reports from the wish to a real mail server.</summary>
public sealed class ReportTests : DatabaseTest, IDisposable
{
    private readonly SmtpPeer _peer = new();

    internal override void AddServices(IServiceCollection services) => services
        .AddSingleton<IReportStore, ReportStore>().AddSingleton<ManageReports>().AddSingleton<SendReports>().AddSingleton<IWorkbookWriter, WorkbookWriter>().AddSingleton<ICallAnalytics, CallHours>()
        .AddSingleton(new MailOptions { Host = "127.0.0.1", Port = _peer.Port, Tls = false, From = "team@acme.example.com" }).AddSingleton<IReportMail, SmtpReports>();

    public void Dispose() => _peer.Dispose();

    /// <summary>Prevents: a report that never comes, comes twice, counts the wrong days, or shows its readers each other's addresses.</summary>
    [Fact]
    public async Task Report_ComesOnceInItsTurn_WithTheDaysBeforeIt()
    {
        var readers = new[] { await UserAsync("manager@acme.example.com", Role.Manager), await UserAsync("admin@acme.example.com", Role.Admin) };
        await HourAsync(new DateOnly(2026, 11, 22), 16, 7);
        await HourAsync(new DateOnly(2026, 11, 23), 100, 50);
        await HourAsync(new DateOnly(2026, 11, 15), 1_000, 500);

        // 20 November, 11:30 in India: the next Monday is the 23rd, eight o'clock.
        var saved = await SaveAsync(Wish(readers));
        saved.IsOk.ShouldBeTrue(saved.Error?.Message);
        (await NextAsync()).ShouldBe(At("2026-11-23T08:00:00+05:30"));
        (await SendAsync()).ShouldBe(0);
        Time.Advance(At("2026-11-23T08:00:30+05:30") - Time.GetUtcNow());

        (await SendAsync()).ShouldBe(1);
        (await SendAsync()).ShouldBe(0);

        var mail = _peer.Mails.ShouldHaveSingleItem();
        _peer.Recipients.ShouldBe(["RCPT TO:<admin@acme.example.com>", "RCPT TO:<manager@acme.example.com>"], ignoreOrder: true);
        mail.ShouldNotContain("manager@acme.example.com");
        mail.ShouldContain("calls-2026-11-16-2026-11-22.xlsx");
        BodyOf(mail).ShouldContain("Answered / जवाब: 7 (43.8 %)");
        using var workbook = new ZipArchive(new MemoryStream(AttachmentOf(mail)));
        workbook.Entries.ShouldContain(e => e.FullName == "xl/worksheets/sheet1.xml");
        (await NextAsync()).ShouldBe(At("2026-11-30T08:00:00+05:30"));
        (await ScalarAsync<long>("SELECT count(*) FROM aix.audit_entries WHERE action = 'report.sent'")).ShouldBe(1);
    }

    /// <summary>Prevents: a report to strangers, to another organisation's people, or to somebody who may not read campaigns.</summary>
    [Fact]
    public async Task Report_GoesToPeopleWhoMayReadCampaigns_OfThisOrganisation_NowAndLater()
    {
        var manager = await UserAsync("manager@acme.example.com", Role.Manager);
        var agent = await UserAsync("agent@acme.example.com", Role.Agent);
        await Get<TenantProvisioner>().AddUserAsync(Globex, "manager@globex.example.com", "Other", Role.Manager, "Not-a-secret-1", CancellationToken.None);
        var stranger = await ScalarAsync<Guid>("SELECT id FROM aix.users WHERE email = 'manager@globex.example.com'");
        foreach (var wrong in new[] { Wish([agent]), Wish([stranger]), Wish([manager, stranger]), Wish([]), Wish([manager]) with { Days = 0 }, Wish([manager]) with { Hour = 24 }, Wish([manager]) with { Name = " " }, Wish([manager]) with { Language = "fr" }, Wish([manager]) with { Every = (ReportEvery)9 } })
        {
            (await SaveAsync(wrong)).Error.ShouldNotBeNull(wrong.ToString());
        }

        (await SaveAsync(Wish([manager]))).IsOk.ShouldBeTrue();
        (await Get<ManageReports>().ListAsync(Globex, CancellationToken.None)).ShouldBeEmpty();
        await ExecuteAsync("UPDATE aix.users SET role = 0 WHERE id = $1", manager);
        Time.Advance(TimeSpan.FromDays(7));
        (await SendAsync()).ShouldBe(0);
        _peer.Mails.ShouldBeEmpty();
        (await ScalarAsync<string>("SELECT trouble FROM aix.saved_reports")).ShouldContain("Nobody");
    }

    /// <summary>Prevents: a mail server that is down for a moment loses the report, or one that is down for good is asked every minute.</summary>
    [Fact]
    public async Task Report_ThatTheServerRefuses_IsTriedThrice_AndThenWaitsForItsNextTurn()
    {
        await SaveAsync(Wish([await UserAsync("manager@acme.example.com", Role.Manager)]));
        _peer.Refusal = "450 later";
        Time.Advance(At("2026-11-23T08:00:30+05:30") - Time.GetUtcNow());
        foreach (var minutes in new[] { 15, 15 })
        {
            (await SendAsync()).ShouldBe(0);
            (await NextAsync()).ShouldBe(Time.GetUtcNow().AddMinutes(minutes));
            Time.Advance(TimeSpan.FromMinutes(minutes));
        }

        (await SendAsync()).ShouldBe(0);
        (await NextAsync()).ShouldBe(At("2026-11-30T08:00:00+05:30"));
        (await ScalarAsync<string>("SELECT trouble FROM aix.saved_reports")).ShouldContain("The mail server answered");

        _peer.Refusal = null;
        Time.Advance(TimeSpan.FromDays(7));
        (await SendAsync()).ShouldBe(1);
        (await ScalarAsync<long>("SELECT count(*) FROM aix.saved_reports WHERE trouble IS NULL AND tries = 0 AND sent_at IS NOT NULL")).ShouldBe(1);
    }

    /// <summary>Prevents: a report that comes twice or not at all when the clocks change. Any zone, any hour: strictly later, at that wall-clock hour unless the clocks skip it, and none is left out in between.</summary>
    [Fact]
    public void Turns_FollowTheWallClock_InEveryZone() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte Hour, byte Zone, byte Every, uint Minutes)>(),
        t =>
        {
            var zones = new[] { "Asia/Kolkata", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo" };
            var zone = TimeZoneInfo.FindSystemTimeZoneById(zones[t.Zone % zones.Length]);
            var (hour, every) = (t.Hour % 24, (ReportEvery)(t.Every % 3));
            var from = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(t.Minutes % (2 * 525_600));

            var next = ReportClock.Next(every, hour, zone, from);
            var local = TimeZoneInfo.ConvertTime(next, zone);
            var skipped = zone.IsInvalidTime(local.Date.AddHours(hour));
            return next > from && (local.Hour == hour || (skipped && local.Hour == hour + 1)) && local.Minute == 0
                && next - from <= TimeSpan.FromDays(every switch { ReportEvery.Day => 1, ReportEvery.Week => 7, _ => 31 }) + TimeSpan.FromHours(2)
                && ReportClock.Next(every, hour, zone, next.AddTicks(-1)) == next;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static ReportWish Wish(Guid[] recipients) => new("Monday", 7, ReportEvery.Week, 8, recipients);

    private Task<Core.Shared.Result<Guid>> SaveAsync(ReportWish wish) => Get<ManageReports>().SaveAsync(Acme, Actor.System, wish, CancellationToken.None);

    private Task<int> SendAsync() => Get<SendReports>().ExecuteAsync(CancellationToken.None);

    private async Task<DateTimeOffset> NextAsync() => new(await ScalarAsync<DateTime>("SELECT next_at FROM aix.saved_reports"), TimeSpan.Zero);

    private async Task<Guid> UserAsync(string email, Role role)
    {
        await Get<TenantProvisioner>().AddUserAsync(Acme, email, email, role, "Not-a-secret-1", CancellationToken.None);
        return await ScalarAsync<Guid>($"SELECT id FROM aix.users WHERE email = '{email}'");
    }

    private Task HourAsync(DateOnly day, int placed, int answered) => ExecuteAsync(
        "INSERT INTO aix.call_hour_totals (tenant_id, day, hour, campaign_id, language, variant, placed, answered, won, callbacks, opt_outs, abandoned, talk_seconds) VALUES ($1, $2, 11, gen_random_uuid(), 'en', '', $3, $4, 0, 0, 0, 0, 0)",
        Acme.Value, day, placed, answered);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string BodyOf(string mail) => Encoding.UTF8.GetString(PartOf(mail, "text/plain"));

    private static byte[] AttachmentOf(string mail) => PartOf(mail, "spreadsheetml");

    private static byte[] PartOf(string mail, string type)
    {
        var lines = mail.Split('\n').Select(l => l.TrimEnd('\r')).ToList();
        var start = lines.FindIndex(l => l.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase) && l.Contains(type, StringComparison.Ordinal));
        var body = lines.FindIndex(start, l => l.Length == 0) + 1;
        return Convert.FromBase64String(string.Concat(lines.Skip(body).TakeWhile(l => l.Length > 0 && !l.StartsWith("--", StringComparison.Ordinal))));
    }
}
