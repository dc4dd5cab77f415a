namespace AIX.Core.Enrichment;

/// <summary>One question that might be asked.</summary>
/// <param name="Gain">Expected information, (84): how undecided the company's leads are, times what the source may tell of what is not known, times its chance to know it. 0 or more.</param>
public sealed record SourceOption(Guid CompanyId, string Source, double Gain, decimal Price);

/// <summary>Chooses the questions worth asking: max Σ gain subject to Σ price ≤ budget, equation (86), a knapsack.</summary>
public static class SourcePlanner
{
    /// <summary>Gain below which a question cannot change a decision.</summary>
    public const double MinGain = 0.002;

    /// <summary>
    /// Free questions first and all of them; then by gain per price as long as the budget lasts, or the single best question where that alone is worth more (at least half of the optimum, Dantzig 1957;
    /// in practice within one question of it, because each is small beside the budget).
    /// </summary>
    /// <param name="budget">What is left of the day, 0 or more.</param>
    public static IReadOnlyList<SourceOption> Choose(IReadOnlyList<SourceOption> options, decimal budget)
    {
        var chosen = options.Where(o => o.Price == 0).ToList();
        var priced = options.Where(o => o.Price > 0 && o.Price <= budget && o.Gain >= MinGain).OrderByDescending(o => o.Gain / (double)o.Price).ThenBy(o => o.CompanyId).ThenBy(o => o.Source, StringComparer.Ordinal).ToList();
        var (greedy, left) = (new List<SourceOption>(), budget);
        foreach (var option in priced)
        {
            if (option.Price <= left)
            {
                left -= option.Price;
                greedy.Add(option);
            }
        }

        var single = priced.MaxBy(o => o.Gain);
        return [.. chosen, .. single is not null && single.Gain > greedy.Sum(o => o.Gain) ? [single] : greedy];
    }
}
