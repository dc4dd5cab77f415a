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
    private readonly ConcurrentDictionary<(string Name, string Labels), Series> _series = new();

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
        foreach (var family in _series.GroupBy(s => s.Key.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var kind = family.First().Value.Kind;
            text.Append("# TYPE ").Append(family.Key).Append(' ').Append(kind == Kind.Summary ? "summary" : kind == Kind.Counter ? "counter" : "gauge").Append('\n');
            foreach (var ((name, labels), series) in family)
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
        var type = instrument.GetType();
        var kind = type.Name.StartsWith("Histogram", StringComparison.Ordinal) ? Kind.Summary : type.Name.Contains("UpDown", StringComparison.Ordinal) || type.Name.Contains("Gauge", StringComparison.Ordinal) ? Kind.Gauge : Kind.Counter;
        var series = _series.GetOrAdd((Name(instrument.Name), Labels(tags)), _ => new Series(kind));
        lock (series)
        {
            series.Value = instrument.IsObservable || type.Name.StartsWith("Gauge", StringComparison.Ordinal) ? value : series.Value + value;
            series.Count++;
        }
    }

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');

    private static string Name(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var labels = new List<string>(tags.Length);
        foreach (var (key, value) in tags)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            labels.Add($"{Name(key)}=\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"");
        }

        labels.Sort(StringComparer.Ordinal);
        return "{" + string.Join(',', labels) + "}";
    }

    private enum Kind
    {
        Counter,
        Gauge,
        Summary,
    }

    private sealed class Series(Kind kind)
    {
        public Kind Kind { get; } = kind;

        public double Value { get; set; }

        public long Count { get; set; }
    }
}
