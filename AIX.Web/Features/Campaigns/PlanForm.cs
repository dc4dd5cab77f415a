using System.Globalization;
using AIX.Core.Campaigns;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Leads;

namespace AIX.Web.Features.Campaigns;

/// <summary>A condition while it is edited.</summary>
internal sealed class EditedFact
{
    public string Attribute { get; set; } = "";

    public FactOperator Operator { get; set; }

    public string Value { get; set; } = "";
}

/// <summary>A plan while it is edited.</summary>
internal sealed class PlanForm
{
    public string Name { get; set; } = "";

    public string Goal { get; set; } = "";

    public string Purpose { get; set; } = "";

    public string PurposeHindi { get; set; } = "";

    public MessageClass Class { get; set; }

    public int? Category { get; set; }

    public string Industry { get; set; } = "";

    public Band? Band { get; set; }

    public double? ScoreFrom { get; set; }

    public LeadState? State { get; set; }

    public string? City { get; set; }

    public string? Tag { get; set; }

    public string? WithoutTag { get; set; }

    public int? RestDays { get; set; }

    public List<EditedFact> Facts { get; set; } = [];

    public bool ExceptOthers { get; set; }

    public bool OnlyPicked { get; set; }

    /// <summary>Only leads with these outcomes in the campaign before; empty without one.</summary>
    public HashSet<Disposition> RedialOf { get; set; } = [];

    public string Flow { get; set; } = "";

    public string FlowB { get; set; } = "";

    public int ShareB { get; set; } = 50;

    public string Language { get; set; } = "lead";

    public string Route { get; set; } = "";

    public TimeOnly Open { get; set; }

    public TimeOnly Close { get; set; }

    public HashSet<DayOfWeek> ClosedDays { get; set; } = [];

    public string Blackout { get; set; } = "";

    public DateTime? Starts { get; set; }

    public double CallsPerSecond { get; set; }

    public int AtOnce { get; set; }

    public int PerDay { get; set; }

    public int Attempts { get; set; }

    public string Delays { get; set; } = "";

    public HashSet<Disposition> Retry { get; set; } = [];

    public double AbandonPercent { get; set; }

    public int BreakerPercent { get; set; }

    public bool VoicemailDrop { get; set; }

    public decimal MinutePrice { get; set; }

    public static PlanForm Of(string name, CampaignPlan plan, DateTimeOffset now, Func<DateTimeOffset, DateTime> local) => new()
    {
        Name = name,
        Goal = plan.Goal,
        Purpose = plan.Purpose,
        PurposeHindi = plan.PurposeHindi,
        Class = plan.Class,
        Category = plan.Category,
        Industry = plan.Industry,
        Band = plan.Audience.Band,
        ScoreFrom = plan.Audience.ScoreFrom,
        State = plan.Audience.State,
        City = plan.Audience.City,
        Tag = plan.Audience.Tag,
        WithoutTag = plan.Audience.WithoutTag,
        RestDays = plan.Audience.TouchedBefore is { } touched ? Math.Max(1, (int)Math.Round((now - touched).TotalDays)) : null,
        Facts = [.. (plan.Audience.Facts ?? []).Select(f => new EditedFact { Attribute = f.Attribute, Operator = f.Operator, Value = f.Value })],
        ExceptOthers = plan.ExceptOthers,
        OnlyPicked = plan.OnlyPicked,
        RedialOf = [.. plan.RedialOf],
        Flow = plan.Flow,
        FlowB = plan.FlowB,
        ShareB = (int)Math.Round(plan.ShareB * 100),
        Language = plan.Language,
        Route = plan.Route,
        Open = plan.Open,
        Close = plan.Close,
        ClosedDays = [.. plan.ClosedDays],
        Blackout = string.Join(", ", plan.Blackout.Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))),
        Starts = plan.StartsAt is { } starts ? local(starts) : null,
        CallsPerSecond = plan.CallsPerSecond,
        AtOnce = plan.AtOnce,
        PerDay = plan.PerDay,
        Attempts = plan.Attempts,
        Delays = string.Join(", ", plan.DelayMinutes),
        Retry = [.. plan.Retry],
        AbandonPercent = plan.AbandonCap * 100,
        BreakerPercent = (int)Math.Round(plan.BreakerShare * 100),
        VoicemailDrop = plan.VoicemailDrop,
        MinutePrice = plan.MinutePrice,
    };

    /// <param name="wrong">What could not be read: a date, a number.</param>
    public CampaignPlan Plan(CampaignPlan before, DateTimeOffset now, Func<DateTime, DateTimeOffset> instant, out string? wrong)
    {
        wrong = null;
        var days = new List<DateOnly>();
        foreach (var part in Parts(Blackout))
        {
            if (DateOnly.TryParseExact(part, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                days.Add(day);
            }
            else
            {
                wrong = part;
            }
        }

        var delays = new List<int>();
        foreach (var part in Parts(Delays))
        {
            if (int.TryParse(part, CultureInfo.InvariantCulture, out var minutes))
            {
                delays.Add(minutes);
            }
            else
            {
                wrong = part;
            }
        }

        return before with
        {
            Goal = Goal.Trim(),
            Purpose = Purpose.Trim(),
            PurposeHindi = PurposeHindi.Trim(),
            Class = Class,
            Category = Category,
            Industry = Industry,
            Audience = before.Audience with
            {
                Band = Band,
                ScoreFrom = ScoreFrom,
                State = State,
                City = Text(City),
                Tag = Text(Tag),
                WithoutTag = Text(WithoutTag),
                TouchedBefore = RestDays is > 0 and var rest ? now.AddDays(-rest) : null,
                Facts = Facts.Where(f => f.Attribute.Trim().Length > 0).Select(f => new FactCondition(f.Attribute.Trim(), f.Operator, f.Value.Trim())).ToList() is { Count: > 0 } facts ? facts : null,
            },
            ExceptOthers = ExceptOthers,
            OnlyPicked = OnlyPicked,
            RedialOf = [.. RedialOf.Order()],
            Flow = Flow,
            FlowB = FlowB,
            ShareB = ShareB / 100.0,
            Language = Language,
            Route = Route,
            Open = Open,
            Close = Close,
            ClosedDays = [.. ClosedDays.Order()],
            Blackout = days,
            StartsAt = Starts is { } starts ? instant(starts) : null,
            CallsPerSecond = CallsPerSecond,
            AtOnce = AtOnce,
            PerDay = PerDay,
            Attempts = Attempts,
            DelayMinutes = delays,
            Retry = [.. Retry.Order()],
            AbandonCap = AbandonPercent / 100,
            BreakerShare = BreakerPercent / 100.0,
            VoicemailDrop = VoicemailDrop,
            MinutePrice = MinutePrice,
        };
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string[] Parts(string text) => text.Split([',', ' ', ';', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
