using System.Text.RegularExpressions;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Compliance;

/// <summary>A call that somebody wants to place.</summary>
/// <param name="Number">E.164, or as the lead gave it.</param>
/// <param name="CallerId">Number that would be shown.</param>
/// <param name="ReachesIndiaBy">What kind of caller id the route has: International, Series140, Series1600 or Landline.</param>
public sealed record CallIntent(Guid LeadId, string Number, string CallerId, string ReachesIndiaBy, int RingSeconds);

/// <summary>One rule's no.</summary>
public sealed record Denial(string Rule, string Reason);

/// <summary>What the gate decided, as it is stored with the attempt.</summary>
public sealed record GateDecision(bool Allowed, IReadOnlyList<Denial> Denials, DateTimeOffset At, string Rules)
{
    /// <summary>Version of the rules that decided.</summary>
    public const string Version = "e1";
}

/// <summary>What the gate asks about a number, inside the attempt's transaction.</summary>
/// <param name="Suppressed">On the tenant's list.</param>
/// <param name="Today">Attempts since local midnight.</param>
/// <param name="Open">An attempt to this number that has not ended.</param>
public sealed record ContactHistory(bool Suppressed, int Today, int SevenDays, int ThirtyDays, bool Open);

public interface IContactHistory
{
    /// <summary>Locks the number for the tenant, so that two who dial at the same moment see each other.</summary>
    Task<ContactHistory> OfAsync(IUnitOfWork work, string number, DateTimeOffset midnight, DateTimeOffset now, CancellationToken ct);

    Task SuppressAsync(IUnitOfWork work, Suppression suppression, CancellationToken ct);
}

/// <summary>Decides whether a number may be called now. Whatever goes wrong inside it is a no.</summary>
public interface ICallGate
{
    Task<GateDecision> AskAsync(IUnitOfWork work, CallIntent intent, CancellationToken ct);
}

/// <summary>Suppression, calling window, attempt caps, duplicate dialling and the caller id's legality; all rules are asked, so that a person sees every reason at once.</summary>
public sealed partial class CallGate(IContactHistory history, CallGateOptions options, TimeProvider time) : ICallGate
{
    private static readonly TimeZoneInfo India = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata");

    public async Task<GateDecision> AskAsync(IUnitOfWork work, CallIntent intent, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        List<Denial> denials;
        try
        {
            denials = await DeniedAsync(work, intent, now, ct);
        }
        catch (Exception ex) when (ex is not OperationCanceledException)
        {
            denials = [new Denial("error", $"A rule could not be evaluated ({ex.GetType().Name}); without it nobody is called.")];
        }

        return new GateDecision(denials.Count == 0, denials, now, GateDecision.Version);
    }

    private async Task<List<Denial>> DeniedAsync(IUnitOfWork work, CallIntent intent, DateTimeOffset now, CancellationToken ct)
    {
        var denials = new List<Denial>();
        if (!E164().IsMatch(intent.Number))
        {
            return [new Denial("number", $"“{Cut(intent.Number)}” is no number that can be called; it needs a country code.")];
        }

        if (!intent.Number.StartsWith("+91", StringComparison.Ordinal))
        {
            denials.Add(new Denial("zone", "The window is known for India only; a number of another country is not called until its rules are set up."));
        }

        var local = TimeZoneInfo.ConvertTime(now, India);
        if (!IsOpen(local, intent.RingSeconds))
        {
            denials.Add(new Denial("window", $"It is {local:HH:mm} where the phone rings; calls begin between {options.OpenHour}:00 and {options.CloseHour}:00 less the time of ringing."));
        }

        if (intent.CallerId.StartsWith("+91", StringComparison.Ordinal) && intent.ReachesIndiaBy == "International")
        {
            denials.Add(new Denial("callerId", $"The caller id {intent.CallerId} is Indian, and this route reaches India from abroad only."));
        }

        var midnight = new DateTimeOffset(local.Date, local.Offset);
        var past = await history.OfAsync(work, intent.Number, midnight, now, ct);
        (bool Broken, string Rule, string Reason)[] rules =
        [
            (past.Suppressed, "suppressed", "This number asked never to be called again."),
            (past.Open, "duplicate", "A call to this number is going on."),
            (past.Today >= options.PerDay, "perDay", $"The number was called {past.Today} times today; {options.PerDay} are allowed."),
            (past.SevenDays >= options.PerSevenDays, "perSevenDays", $"The number was called {past.SevenDays} times in seven days; {options.PerSevenDays} are allowed."),
            (past.ThirtyDays >= options.PerThirtyDays, "perThirtyDays", $"The number was called {past.ThirtyDays} times in thirty days; {options.PerThirtyDays} are allowed."),
        ];
        denials.AddRange(rules.Where(r => r.Broken).Select(r => new Denial(r.Rule, r.Reason)));
        return denials;
    }

    private bool IsOpen(DateTimeOffset local, int ringSeconds) =>
        local.TimeOfDay >= TimeSpan.FromHours(options.OpenHour) && local.TimeOfDay < TimeSpan.FromHours(options.CloseHour) - TimeSpan.FromSeconds(ringSeconds);

    private static string Cut(string text) => text.Length > 30 ? text[..30] + "…" : text;

    [GeneratedRegex(@"^\+[1-9]\d{7,14}$")]
    private static partial Regex E164();
}
