namespace AIX.Core.Leads.Import;

/// <summary>
/// Streaming reader of delimited text (RFC 4180 with any delimiter, CR, LF or CRLF). Written here and not taken from a library
/// because it must come through files that are broken: a quote that never closes costs its own line, not the rest of the file; a
/// line of any length costs its own row and no memory; each bad record is handed on with its raw text, so that the error file loses nothing.
/// </summary>
internal sealed class CsvReader(TextReader input, char delimiter, int maxRecordLength) : IDisposable
{
    /// <summary>A quoted field may run over this many lines before its opening quote is taken for a stray one.</summary>
    private const int MaxLinesInField = 200;

    private readonly List<string> _fields = [];
    private char[] _buffer = new char[64 * 1024];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>Cells of the current record.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>What is wrong with the current record, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>The current record as it stands in the file, at most 10,000 characters; only for a record with a problem.</summary>
    public string Raw { get; private set; } = "";

    /// <summary>Ordinal of the current record, 1 for the first. Blank lines do not count.</summary>
    public int Record { get; private set; }

    public bool Read()
    {
        while (true)
        {
            _fields.Clear();
            Problem = null;
            if (!Next())
            {
                return false;
            }

            if (_fields.Count == 1 && _fields[0].Length == 0 && Problem is null)
            {
                continue;
            }

            Record++;
            return true;
        }
    }

    public void Dispose() => input.Dispose();

    private bool Next()
    {
        while (!_atEnd || _start < _end)
        {
            var status = Scan(out var consumed);
            if (status == ScanStatus.NeedMore)
            {
                if (_end - _start >= maxRecordLength)
                {
                    SkipOverlongLine();
                    return true;
                }

                if (Fill())
                {
                    continue;
                }

                if (_start == _end)
                {
                    return false;
                }

                status = Scan(out consumed);
            }

            if (status == ScanStatus.StrayQuote)
            {
                consumed = EndOfLine();
                Fail("a quote is opened and not closed, or text follows a closing quote", consumed);
            }

            _start += consumed;
            return true;
        }

        return false;
    }

    private enum ScanStatus
    {
        Complete,
        NeedMore,
        StrayQuote,
    }

    /// <summary>Cuts one record out of the buffer without consuming it.</summary>
    private ScanStatus Scan(out int consumed)
    {
        _fields.Clear();
        var span = _buffer.AsSpan(_start, _end - _start);
        var i = 0;
        consumed = 0;
        while (true)
        {
            if (i < span.Length && span[i] == '"')
            {
                var status = Quoted(span, ref i);
                if (status != ScanStatus.Complete)
                {
                    return status;
                }
            }
            else
            {
                var stop = span[i..].IndexOfAny(delimiter, '\r', '\n');
                if (stop < 0 && !_atEnd)
                {
                    return ScanStatus.NeedMore;
                }

                stop = stop < 0 ? span.Length - i : stop;
                _fields.Add(Cell(span.Slice(i, stop)));
                i += stop;
            }

            if (i >= span.Length)
            {
                consumed = i;
                return _atEnd ? ScanStatus.Complete : ScanStatus.NeedMore;
            }

            if (span[i] == delimiter)
            {
                i++;
                if (i == span.Length && _atEnd)
                {
                    _fields.Add("");
                    consumed = i;
                    return ScanStatus.Complete;
                }

                continue;
            }

            if (span[i] == '\r' && i + 1 == span.Length && !_atEnd)
            {
                return ScanStatus.NeedMore;
            }

            consumed = i + (span[i] == '\r' && i + 1 < span.Length && span[i + 1] == '\n' ? 2 : 1);
            return ScanStatus.Complete;
        }
    }

    private ScanStatus Quoted(ReadOnlySpan<char> span, ref int i)
    {
        var from = i + 1;
        var at = from;
        var escaped = false;
        while (true)
        {
            var quote = span[at..].IndexOf('"');
            if (quote < 0)
            {
                var lines = span[from..].Count('\n');
                return _atEnd || lines > MaxLinesInField ? ScanStatus.StrayQuote : ScanStatus.NeedMore;
            }

            at += quote;
            if (at + 1 == span.Length && !_atEnd)
            {
                return ScanStatus.NeedMore;
            }

            if (at + 1 < span.Length && span[at + 1] == '"')
            {
                escaped = true;
                at += 2;
                continue;
            }

            var content = span[from..at];
            i = at + 1;
            if (i < span.Length && span[i] != delimiter && span[i] is not ('\r' or '\n'))
            {
                return ScanStatus.StrayQuote;
            }

            if (content.Count('\n') > MaxLinesInField)
            {
                return ScanStatus.StrayQuote;
            }

            _fields.Add(escaped ? content.ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : Cell(content));
            return ScanStatus.Complete;
        }
    }

    private static string Cell(ReadOnlySpan<char> text) => text.Length switch
    {
        0 => "",
        1 when text[0] < 128 => OneChar[text[0]],
        2 when text is "No" => "No",
        3 when text is "Yes" => "Yes",
        6 when text is "Select" => "Select",
        _ => text.ToString(),
    };

    private static readonly string[] OneChar = [.. Enumerable.Range(0, 128).Select(i => ((char)i).ToString())];

    private int EndOfLine()
    {
        var span = _buffer.AsSpan(_start, _end - _start);
        var newline = span.IndexOf('\n');
        return newline < 0 ? span.Length : newline + 1;
    }

    private void Fail(string problem, int rawLength)
    {
        _fields.Clear();
        Problem = problem;
        Raw = new string(_buffer, _start, Math.Min(rawLength, 10_000)).TrimEnd('\r', '\n');
    }

    private void SkipOverlongLine()
    {
        Fail($"the line is longer than {maxRecordLength:N0} characters", Math.Min(_end - _start, 10_000));
        while (true)
        {
            var span = _buffer.AsSpan(_start, _end - _start);
            var newline = span.IndexOf('\n');
            if (newline >= 0)
            {
                _start += newline + 1;
                return;
            }

            _start = _end = 0;
            if (!Fill())
            {
                return;
            }
        }
    }

    private bool Fill()
    {
        if (_atEnd)
        {
            return false;
        }

        if (_start > 0)
        {
            Array.Copy(_buffer, _start, _buffer, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = input.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _atEnd = read == 0;
        return read > 0;
    }
}
