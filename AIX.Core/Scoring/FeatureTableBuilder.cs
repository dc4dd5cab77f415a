using System.Globalization;
using System.Text;

namespace AIX.Core.Scoring;

/// <summary>Collects features lead by lead into columns.</summary>
internal sealed class FeatureTableBuilder
{
    private readonly int _rows;
    private readonly bool _open;
    private readonly Dictionary<string, Cells> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Cells>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly List<Cells> _order = [];

    /// <param name="wanted">Names to collect; null for all.</param>
    public FeatureTableBuilder(int rows, IEnumerable<string>? wanted)
    {
        (_rows, _open) = (rows, wanted is null);
        _bySpan = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var name in wanted ?? [])
        {
            _byName.TryAdd(name, new Cells(name, rows));
        }
    }

    public void Add(int row, ReadOnlySpan<char> name, FeatureKind kind, double value, ReadOnlySpan<char> shown)
    {
        if (!_bySpan.TryGetValue(name, out var cells))
        {
            if (!_open)
            {
                return;
            }

            _byName.Add(name.ToString(), cells = new Cells(name.ToString(), _rows));
        }

        if (cells.Kind is null)
        {
            cells.Kind = kind;
            _order.Add(cells);
        }

        cells.Set(row, kind, value, shown);
    }

    public void Add(int row, byte[] snapshot)
    {
        if (snapshot is [(byte)'[', ..])
        {
            foreach (var feature in SnapshotCodec.Read(snapshot))
            {
                Add(row, feature.Name, feature.Kind, feature.Value ?? double.NaN, feature.Shown);
            }

            return;
        }

        Span<char> name = stackalloc char[512];
        Span<char> shown = stackalloc char[1024];
        for (var reader = new SnapshotCodec.SnapshotReader(snapshot); reader.Next();)
        {
            var key = Chars(reader.Name, name);
            if (_open || _bySpan.ContainsKey(key))
            {
                // Numbers are read from the value.
                var isText = reader.Kind is FeatureKind.Text or FeatureKind.List;
                Add(row, key, reader.Kind, reader.Value, isText && reader.IsShown ? Chars(reader.Shown, shown) : default);
            }
        }
    }

    public DataTable Build(double[] asOfDays) => new([.. _order.Select(c => c.Build())], _rows, asOfDays);

    private static ReadOnlySpan<char> Chars(ReadOnlySpan<byte> utf8, Span<char> buffer) => utf8.Length <= buffer.Length ? buffer[..Encoding.UTF8.GetChars(utf8, buffer)] : Encoding.UTF8.GetString(utf8);

    /// <summary>One column in the making.</summary>
    private sealed class Cells(string name, int rows)
    {
        private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
        private readonly List<string> _levels = [];
        private double[]? _values;
        private int[]? _codes;
        private int[]?[]? _members;

        public FeatureKind? Kind { get; set; }

        public void Set(int row, FeatureKind kind, double value, ReadOnlySpan<char> shown)
        {
            if (kind == FeatureKind.Text && Kind != FeatureKind.Text)
            {
                // One text among numbers makes the column text: "n/a", "10+".
                Kind = FeatureKind.Text;
                BecomeText();
            }

            switch (Kind)
            {
                case FeatureKind.Text:
                    (_codes ??= Filled(new int[rows], -1))[row] = kind is FeatureKind.Text ? Code(shown) : Code(Shown(value));
                    break;
                case FeatureKind.List:
                    (_members ??= new int[]?[rows])[row] = Members(shown);
                    break;
                default:
                    (_values ??= Filled(new double[rows], double.NaN))[row] = value;
                    break;
            }
        }

        public Column Build() => Kind switch
        {
            FeatureKind.Text => new TextColumn(name, _codes!, _levels),
            FeatureKind.List => new ListColumn(name, _members!, _levels),
            FeatureKind.Date => new DateColumn(name, _values!),
            _ => new NumberColumn(name, _values!),
        };

        private void BecomeText()
        {
            _codes = Filled(new int[rows], -1);
            for (var i = 0; _values is not null && i < rows; i++)
            {
                _codes[i] = Code(Shown(_values[i]));
            }
        }

        private int[] Members(ReadOnlySpan<char> shown)
        {
            var members = new List<int>();
            foreach (var part in shown.Split('\n'))
            {
                if (Code(shown[part]) is >= 0 and var code && !members.Contains(code))
                {
                    members.Add(code);
                }
            }

            return [.. members];
        }

        private int Code(ReadOnlySpan<char> level)
        {
            if (level.IsWhiteSpace())
            {
                return -1;
            }

            var lookup = _index.GetAlternateLookup<ReadOnlySpan<char>>();
            if (!lookup.TryGetValue(level, out var code))
            {
                code = _levels.Count;
                _levels.Add(level.ToString());
                _index.Add(_levels[code], code);
            }

            return code;
        }

        private static string? Shown(double value) => double.IsNaN(value) ? null : value.ToString("0.######", CultureInfo.InvariantCulture);

        private static T[] Filled<T>(T[] cells, T value)
        {
            Array.Fill(cells, value);
            return cells;
        }
    }
}
