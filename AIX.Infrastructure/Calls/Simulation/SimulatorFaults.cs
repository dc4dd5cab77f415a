using System.Globalization;

namespace AIX.Infrastructure.Calls.Simulation;

/// <summary>Shares of what goes wrong on the simulated network, each in [0, 1].</summary>
/// <param name="Answered">Makes all people alike: this share answers and talks for two turns, most others do not answer, some are busy; null keeps their characters.</param>
/// <param name="Timeouts">Calls that are placed, and whose creation is never answered.</param>
internal sealed record SimulatorFaults(double Duplicated = 0, double Lost = 0, double Reordered = 0, double Timeouts = 0, double? Answered = null)
{
    public static SimulatorFaults Parse(string text)
    {
        var values = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).ToDictionary(p => p[0], p => double.Parse(p[1], CultureInfo.InvariantCulture));
        return new SimulatorFaults(values.GetValueOrDefault("duplicated"), values.GetValueOrDefault("lost"), values.GetValueOrDefault("reordered"), values.GetValueOrDefault("timeouts"), values.TryGetValue("answered", out var answered) ? answered : null);
    }
}
