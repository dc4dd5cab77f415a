using System.ComponentModel.DataAnnotations;

namespace AIX.Core.Learning;

/// <summary>How models learn.</summary>
public sealed class LearningOptions
{
    public const string Section = "Learning";

    /// <summary>Newest outcomes that a training reads; 60,000 take about half a minute and half a gigabyte.</summary>
    [Range(100, 1_000_000)]
    public int MaxOutcomes { get; init; } = 60_000;

    /// <summary>Outcomes recorded since the newest model from which on the night run trains a new one.</summary>
    [Range(1, 1_000_000)]
    public int MinNewOutcomes { get; init; } = 100;

    /// <summary>The same for a champion that raised an alarm (drift, calibration).</summary>
    [Range(1, 1_000_000)]
    public int MinNewOutcomesOnAlarm { get; init; } = 20;

    /// <summary>What a reviewer's judgement counts beside an outcome, which counts 1; times the reviewer's confidence.</summary>
    [Range(0, 1)]
    public double LabelWeight { get; init; } = 0.3;

    /// <summary>A feature that alone ranks won above lost this well (AUC) is left out until a person accepts it.</summary>
    [Range(0.6, 1)]
    public double LeakageAuc { get; init; } = 0.95;

    /// <summary>A feature that alone explains this share of the outcome's entropy is left out until a person accepts it.</summary>
    [Range(0.1, 1)]
    public double LeakageInformation { get; init; } = 0.5;
}
