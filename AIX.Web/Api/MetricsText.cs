using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace AIX.Web.Api;

/// <summary>Counters, gauges and histograms of AIX, ASP.NET Core and the runtime as Prometheus text (exposition format 0.0.4). Histograms are given as count and sum.</summary>
internal sealed class MetricsText : IDisposable
{
    private static readonly string[] Meters = ["AIX", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "System.Runtime", "Npgsql"];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, Family> _families = new();
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

    [ThreadStatic]
    private static StringBuilder? _labels;

    public MetricsText()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Meters.Contains(instrument.Meter.Name))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var same in _families.Values.GroupBy(f => f.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var (name, kind) = (same.Key, same.First().Kind);
            text.Append("# TYPE ").Append(name).Append(' ').Append(kind == Kind.Summary ? "summary" : kind == Kind.Counter ? "counter" : "gauge").Append('\n');
            foreach (var (labels, series) in same.SelectMany(f => f.Series))
            {
                if (kind == Kind.Summary)
                {
                    Line(text, name + "_count", labels, series.Count);
                    Line(text, name + "_sum", labels, series.Value);
                }
                else
                {
                    Line(text, name, labels, series.Value);
                }
            }
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // Some measurements come with every query: what an instrument is, and what labels read, is worked out once.
        var family = _families.GetOrAdd(instrument, static i => new Family(i));
        var series = family.Of(Labels(tags));
        lock (series)
        {
            series.Value = family.Replaces ? value : series.Value + value;
            series.Count++;
        }
    }

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');

    private static string Name(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    /// <summary>The labels in the order in which the instrument gives them, in a buffer of the thread.</summary>
    private StringBuilder Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = (_labels ??= new StringBuilder(200)).Clear();
        foreach (var (key, value) in tags)
        {
            labels.Append(labels.Length == 0 ? '{' : ',').Append(_names.GetOrAdd(key, Name)).Append("=\"");
            foreach (var c in value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
            {
                _ = c switch { '\\' => labels.Append("\\\\"), '"' => labels.Append("\\\""), '\n' => labels.Append("\\n"), _ => labels.Append(c) };
            }

            labels.Append('"');
        }

        return tags.IsEmpty ? labels : labels.Append('}');
    }

    private enum Kind
    {
        Counter,
        Gauge,
        Summary,
    }

    /// <summary>An instrument and its series, by their labels.</summary>
    private sealed class Family(Instrument instrument)
    {
        private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);

        public string Name { get; } = MetricsText.Name(instrument.Name);

        public Kind Kind { get; } = KindOf(instrument.GetType().Name);

        /// <summary>A measurement is the value, not a change of it.</summary>
        public bool Replaces { get; } = instrument.IsObservable || instrument.GetType().Name.StartsWith("Gauge", StringComparison.Ordinal);

        public IEnumerable<KeyValuePair<string, Series>> Series => _series;

        public Series Of(StringBuilder labels)
        {
            Span<char> text = stackalloc char[512];
            if (labels.Length > text.Length)
            {
                return _series.GetOrAdd(labels.ToString(), _ => new Series());
            }

            labels.CopyTo(0, text, labels.Length);
            return _series.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..labels.Length], out var known) ? known : _series.GetOrAdd(labels.ToString(), _ => new Series());
        }

        private static Kind KindOf(string type) =>
            type.StartsWith("Histogram", StringComparison.Ordinal) ? Kind.Summary : type.Contains("UpDown", StringComparison.Ordinal) || type.Contains("Gauge", StringComparison.Ordinal) ? Kind.Gauge : Kind.Counter;
    }

    private sealed class Series
    {
        public double Value { get; set; }

        public long Count { get; set; }
    }
}
