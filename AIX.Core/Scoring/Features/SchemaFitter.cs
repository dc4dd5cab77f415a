namespace AIX.Core.Scoring.Features;

/// <summary>Fits a <see cref="FeatureSchema"/> to whatever columns a tenant has.</summary>
internal static class SchemaFitter
{
    /// <summary>Codes 1…254 for values, 0 for missing, so that a code is a byte.</summary>
    private const int MaxBins = 254;

    private const int MaxLevels = 252;
    private const int MaxMembers = 64;

    private const int TextSeed = 1;

    /// <summary>Skewness beyond which a number is taken as its logarithm.</summary>
    private const double SkewLimit = 2;

    private static readonly double[] KnotQuantiles = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95];

    /// <param name="minLevelCount">Levels with fewer training rows are pooled.</param>
    /// <param name="leftOut">Name → reason of columns that must not be used.</param>
    /// <param name="subScores">Columns in [0, 1] that keep that scale, centred at ½, so that a prior on their coefficient means what the profile says.</param>
    public static FeatureSchema Fit(DataTable table, int minLevelCount, IReadOnlyDictionary<string, string>? leftOut = null, IReadOnlySet<string>? subScores = null)
    {
        var features = new List<FeatureSpec>();
        var dropped = new List<DroppedFeature>();
        var texts = new List<TextEncoder>();
        var seen = new Dictionary<ulong, string>();
        foreach (var column in table.Columns)
        {
            if (leftOut?.GetValueOrDefault(column.Name) is { } why)
            {
                dropped.Add(new DroppedFeature(column.Name, why));
            }
            else if (seen.TryGetValue(ColumnFingerprint.Of(column), out var twin))
            {
                dropped.Add(new DroppedFeature(column.Name, $"the same values as \"{twin}\""));
            }
            else
            {
                seen[ColumnFingerprint.Of(column)] = column.Name;
                var (spec, reason) = FitColumn(column, table, minLevelCount);
                if (column is TextColumn text && IsFree(spec) && TextFitter.Fit(text, minLevelCount, TextSeed) is { } encoder)
                {
                    texts.Add(encoder);
                    features.AddRange(encoder.Encode(text).Select((c, k) => Text(c, text.Name, k == 0)).OfType<NumberSpec>());
                    if (spec is null)
                    {
                        continue;
                    }
                }

                if (spec is NumberSpec number && subScores?.Contains(column.Name) == true)
                {
                    spec = number with { Log = false, Mean = 0.5, Sd = 1, Knots = [], KnotMeans = [], Spike = null };
                }

                if (spec is not null)
                {
                    features.Add(spec);
                }
                else
                {
                    dropped.Add(new DroppedFeature(column.Name, reason!));
                }
            }
        }

        return new FeatureSchema(features, dropped, texts);
    }

    /// <summary>Nothing repeats, or so little that one row in four would be pooled.</summary>
    private static bool IsFree(FeatureSpec? spec) => spec is null || (spec is CategorySpec category && category.Shares[^1] > 0.25);

    /// <summary>A number made from a text. Whether there is a text at all is said once, by the first.</summary>
    private static NumberSpec? Text(NumberColumn column, string text, bool isFirst) =>
        Number(new NumberSpec(column.Name, column.Unit) { TextOf = text }, ColumnReader.Finite(column.Values)).Item1 is NumberSpec spec ? isFirst ? spec : spec with { MissingShare = 0 } : null;

    private static (FeatureSpec? Spec, string? Reason) FitColumn(Column column, DataTable table, int minLevelCount) => column switch
    {
        NumberColumn number => Number(new NumberSpec(column.Name, column.Unit), ColumnReader.Finite(number.Values)),
        DateColumn date => Date(date, table.AsOf),
        TextColumn text => Category(text, minLevelCount),
        ListColumn list => List(list, minLevelCount),
        _ => (null, "of a kind that no model reads"),
    };

    private static (FeatureSpec?, string?) Date(DateColumn date, double[]? asOf)
    {
        var newest = ColumnReader.Finite(date.Days).Where(d => !double.IsNaN(d)).DefaultIfEmpty(0).Max();
        return Number(new NumberSpec(date.Name, "days") { NewestDay = newest }, ColumnReader.Ages(date.Days, asOf, newest));
    }

    private static (FeatureSpec?, string?) Number(NumberSpec spec, double[] values)
    {
        var known = Array.FindAll(values, v => !double.IsNaN(v));
        if (known.Length == 0)
        {
            return (null, "always empty");
        }

        Array.Sort(known);
        var missing = 1 - (double)known.Length / values.Length;
        var distinct = Distinct(known);
        if (distinct.Count == 1)
        {
            return missing == 0 ? (null, "the same value in every row") : (spec with { MissingShare = missing, Mean = known[0], Edges = [], BinShares = [missing, 1 - missing] }, null);
        }

        spec = spec with { MissingShare = missing, Edges = Edges(known, distinct) };
        if (distinct.Count == 2)
        {
            var low = distinct[0].Value;
            spec = spec with { Sd = distinct[1].Value - low, Mean = known.Average() };
        }
        else
        {
            spec = Standardise(spec with { Log = Math.Abs(Skewness(known)) > SkewLimit }, known);
            spec = Splines(spec, known, distinct, values.Length);
        }

        var shares = new double[spec.Edges.Length + 2];
        foreach (var value in values)
        {
            shares[spec.Bin(value)] += 1.0 / values.Length;
        }

        return (spec with { BinShares = shares }, null);
    }

    private static NumberSpec Standardise(NumberSpec spec, double[] known)
    {
        var plain = spec with { Mean = 0, Sd = 1 };
        var (mean, square) = (0.0, 0.0);
        foreach (var value in known)
        {
            mean += plain.Transform(value) / known.Length;
        }

        foreach (var value in known)
        {
            var distance = plain.Transform(value) - mean;
            square += distance * distance / known.Length;
        }

        var sd = Math.Sqrt(square);
        return spec with { Mean = mean, Sd = sd > 1e-12 * (1 + Math.Abs(mean)) ? sd : 1 };
    }

    private static NumberSpec Splines(NumberSpec spec, double[] known, List<(double Value, int Count)> distinct, int rows)
    {
        // A value that one row in twenty shares, in a column of many values, is a state of its own (0 visits, −1 = never called).
        var peak = distinct.MaxBy(d => d.Count);
        if (distinct.Count > 10 && peak.Count >= 0.05 * known.Length && peak.Count >= 10)
        {
            spec = spec with { Spike = peak.Value, SpikeShare = (double)peak.Count / rows };
        }

        var beside = spec.Spike is { } spike ? Array.FindAll(known, v => v != spike) : known;
        if (beside.Length < 30)
        {
            return spec;
        }

        var (first, last) = (spec.Z(known[0]), spec.Z(known[^1]));
        var knots = KnotQuantiles.Select(q => spec.Z(beside[(int)(q * (beside.Length - 1))])).Where(k => k > first && k < last).Distinct().ToArray();
        var means = knots.Select(k => known.Average(v => Math.Max(0, spec.Z(v) - k))).ToArray();
        return spec with { Knots = knots, KnotMeans = means };
    }

    private static List<(double Value, int Count)> Distinct(double[] sorted)
    {
        var distinct = new List<(double, int)>();
        for (var i = 0; i < sorted.Length;)
        {
            var from = i;
            while (i < sorted.Length && sorted[i] == sorted[from])
            {
                i++;
            }

            distinct.Add((sorted[from], i - from));
        }

        return distinct;
    }

    /// <summary>Edges between neighbours when there are few values, else at quantiles.</summary>
    private static double[] Edges(double[] known, List<(double Value, int Count)> distinct)
    {
        if (distinct.Count <= MaxBins)
        {
            return [.. distinct.Skip(1).Select((d, i) => Between(distinct[i].Value, d.Value))];
        }

        var edges = new List<double>();
        for (var b = 1; b < MaxBins; b++)
        {
            var at = known[(int)((long)b * known.Length / MaxBins)];
            if (at > known[0] && (edges.Count == 0 || at > edges[^1]))
            {
                edges.Add(at);
            }
        }

        return [.. edges];
    }

    private static double Between(double a, double b)
    {
        var middle = a / 2 + b / 2;
        return middle > a && middle <= b ? middle : b;
    }

    private static double Skewness(double[] values)
    {
        var mean = values.Average();
        var (second, third) = (0.0, 0.0);
        foreach (var value in values)
        {
            var d = value - mean;
            second += d * d / values.Length;
            third += d * d * d / values.Length;
        }

        var skewness = second > 0 ? third / Math.Pow(second, 1.5) : 0;
        return double.IsFinite(skewness) ? skewness : 1e9;
    }

    private static (FeatureSpec?, string?) Category(TextColumn text, int minLevelCount)
    {
        var counts = new int[text.Levels.Count];
        var missing = 0;
        foreach (var code in text.Codes)
        {
            if (code < 0)
            {
                missing++;
            }
            else
            {
                counts[code]++;
            }
        }

        var states = counts.Count(c => c > 0);
        if (states == 0)
        {
            return (null, "always empty");
        }

        if (states == 1 && missing == 0)
        {
            return (null, "the same value in every row");
        }

        if (states > 0.5 * text.Count && states > 20)
        {
            return (null, "nearly every row has a value of its own: an identifier or free text");
        }

        var kept = Enumerable.Range(0, counts.Length).Where(k => counts[k] >= minLevelCount).OrderByDescending(k => counts[k]).ThenBy(k => text.Levels[k], StringComparer.Ordinal).Take(MaxLevels).ToArray();
        var pooled = counts.Sum() - kept.Sum(k => counts[k]);
        if (kept.Length == 0 && missing == 0)
        {
            return (null, $"no value occurs in {minLevelCount} rows");
        }

        double rows = text.Count;
        return (new CategorySpec(text.Name, null) { Levels = [.. kept.Select(k => text.Levels[k])], Shares = [missing / rows, .. kept.Select(k => counts[k] / rows), pooled / rows] }, null);
    }

    private static (FeatureSpec?, string?) List(ListColumn list, int minLevelCount)
    {
        var counts = new int[list.Levels.Count];
        foreach (var member in list.Members.Where(m => m is not null).SelectMany(m => m!))
        {
            counts[member]++;
        }

        var kept = Enumerable.Range(0, counts.Length).Where(k => counts[k] >= minLevelCount && counts[k] < list.Count).OrderByDescending(k => counts[k]).ThenBy(k => list.Levels[k], StringComparer.Ordinal).Take(MaxMembers).ToArray();
        return kept.Length == 0
            ? (null, $"no member occurs in {minLevelCount} rows")
            : (new ListSpec(list.Name, null) { Members = [.. kept.Select(k => list.Levels[k])], Shares = [.. kept.Select(k => counts[k] / (double)list.Count)] }, null);
    }
}
