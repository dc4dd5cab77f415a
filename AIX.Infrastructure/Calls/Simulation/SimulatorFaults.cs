using System.Globalization;

namespace AIX.Infrastructure.Calls.Simulation;

/// <summary>Shares of what goes wrong on the simulated network, each in [0, 1].</summary>
/// <param name="Answered">Makes all people alike: this share answers and talks for two turns, most others do not answer, some are busy; null keeps their characters.</param>
/// <param name="Timeouts">Calls that are placed, and whose creation is never answered.</param>
/// <param name="Late">Callbacks that come three quarters of a minute late.</param>
/// <param name="TooMany">Creations that are refused with 429.</param>
/// <param name="Errors">Creations that end in 500, without a call.</param>
/// <param name="Endless">Conversations after which nobody hangs up.</param>
internal sealed record SimulatorFaults(double Duplicated = 0, double Lost = 0, double Reordered = 0, double Timeouts = 0, double? Answered = null, double Late = 0, double TooMany = 0, double Errors = 0, double Endless = 0)
{
    public static SimulatorFaults Parse(string text)
    {
        var values = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).ToDictionary(p => p[0], p => double.Parse(p[1], CultureInfo.InvariantCulture));
        return new SimulatorFaults(values.GetValueOrDefault("duplicated"), values.GetValueOrDefault("lost"), values.GetValueOrDefault("reordered"), values.GetValueOrDefault("timeouts"), values.TryGetValue("answered", out var answered) ? answered : null, values.GetValueOrDefault("late"), values.GetValueOrDefault("toomany"), values.GetValueOrDefault("errors"), values.GetValueOrDefault("endless"));
    }
}
