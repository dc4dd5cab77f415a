using AIX.Core.Compliance;

namespace AIX.Bench;

/// <summary>Generated questions put to the gate and to the second opinion; and to the gate without each rule in turn.</summary>
internal static class GateTrial
{
    internal sealed record Figures(int Cases, int Allowed, int NearBoundary, int WronglyAllowed, int WronglyRefused, IReadOnlyList<string> RulesWithoutEffect, GateCase? Example);

    public static Figures Measure(int first, int count)
    {
        var (allowed, near, wrongYes, wrongNo) = (0, 0, 0, 0);
        var effect = new HashSet<string>();
        var without = GateRules.All.ToDictionary(r => r.Id, r => GateRules.All.Where(o => o != r).ToList());
        GateCase? example = null;
        for (var seed = first; seed < first + count; seed++)
        {
            var made = GateCases.Make(seed);
            var question = Question(made);
            var said = GateRules.Denials(question, GateRules.All).Count == 0;
            var right = GateOracle.MayCall(made);
            allowed += right ? 1 : 0;
            near += made.NearBoundary ? 1 : 0;
            if (said != right)
            {
                (wrongYes, wrongNo) = (wrongYes + (said ? 1 : 0), wrongNo + (said ? 0 : 1));
                example ??= made;
            }

            if (!right)
            {
                foreach (var (rule, others) in without)
                {
                    if (!effect.Contains(rule) && GateRules.Denials(question, others).Count == 0)
                    {
                        effect.Add(rule);
                    }
                }
            }
        }

        return new Figures(count, allowed, near, wrongYes, wrongNo, [.. without.Keys.Where(r => !effect.Contains(r))], example);
    }

    /// <summary>The one place where plain values become the product's.</summary>
    public static CallCase Question(GateCase c)
    {
        static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
        static MessageClass Class(char c) => c switch { 'P' => MessageClass.Promotional, 'S' => MessageClass.Service, _ => MessageClass.Transactional };
        var kind = c.Kind switch { "abroad" => CallerIdKind.International, "140" => CallerIdKind.Series140, "1600" => CallerIdKind.Series1600, "plain" => CallerIdKind.Landline, _ => (CallerIdKind?)null };
        var hours = c.HoursFrom < 0 ? null : new CallingHours(TimeOnly.FromTimeSpan(TimeSpan.FromMinutes(c.HoursFrom)), TimeOnly.FromTimeSpan(TimeSpan.FromMinutes(c.HoursTo)));
        var facts = new ContactFacts(
            c.Suppressed, [.. c.Consents.Select(k => new Consent(Class(k.Class), k.Spoken, k.Category == 0 ? null : k.Category, At(k.Given), k.Expires is { } e ? At(e) : null, k.Withdrawn is { } w ? At(w) : null))],
            c.Scrub is { } s ? new Preference(At(s.At), s.Categories, s.Modes, s.Bands, s.Days) : null, [.. c.Attempts.Select(At)], c.Open, c.Complained is { } x ? At(x) : null);
        var own = c.Own is { } t ? new Tightening { OpenHour = t.Open, CloseHour = t.Close, PerDay = t.PerDay, PerSevenDays = t.PerWeek, PerThirtyDays = t.PerMonth, ScrubHours = t.ScrubHours, ConsentDays = t.ConsentDays, CoolOffDays = t.CoolOff, Holidays = [t.Holiday] } : null;
        return new CallCase(new ContactIntent(Guid.Empty, c.Number, c.Shown, kind, c.Owned, c.Ring, Class(c.Class), c.Category == 0 ? null : c.Category, ContactChannel.Voice, hours), facts, At(c.Now), RulePack.Shipped.With(own, 1));
    }
}
