using System.Globalization;
using System.Text.Json;

namespace AIX.Bench;

/// <summary>The gate against a second opinion, over generated questions; and each rule switched off in turn, which has to show.</summary>
internal static class GateBench
{
    public static int Run(string[] args)
    {
        var cases = int.Parse(Options.Parse(args).Text("cases") ?? "1000000", CultureInfo.InvariantCulture);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var f = GateTrial.Measure(0, cases);
        if (f.Example is not null)
        {
            Console.Error.WriteLine(JsonSerializer.Serialize(f.Example));
        }

        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "gate",
            cases = f.Cases,
            wronglyAllowed = f.WronglyAllowed,
            wronglyRefused = f.WronglyRefused,
            rulesWithoutEffect = f.RulesWithoutEffect.Count,
            withoutEffect = f.RulesWithoutEffect,
            allowedShare = Math.Round(f.Allowed / (double)f.Cases, 3),
            boundaryShare = Math.Round(f.NearBoundary / (double)f.Cases, 3),
            seconds = Math.Round(watch.Elapsed.TotalSeconds, 1),
        }));
        return f is { WronglyAllowed: 0, WronglyRefused: 0, RulesWithoutEffect.Count: 0 } ? 0 : 1;
    }
}
