using System.Collections.Concurrent;

namespace AIX.Bench;

/// <summary>Gathers a program's own errors from what its console logger prints: the category's line, then indented ones until the next entry.</summary>
internal sealed class ErrorLog(ConcurrentQueue<string> errors)
{
    private const int Most = 12;

    private readonly List<string> _entry = [];

    /// <param name="line">Null at the end of the output.</param>
    public void Take(string? line)
    {
        if (_entry.Count > 0 && line is not null && line.StartsWith(' '))
        {
            _entry.Add(line.Trim());
            if (_entry.Count < Most)
            {
                return;
            }
        }

        if (_entry.Count > 0)
        {
            errors.Enqueue(string.Join('\n', _entry));
            _entry.Clear();
        }

        if (line is not null && (line.StartsWith("fail: AIX.", StringComparison.Ordinal) || line.StartsWith("crit: ", StringComparison.Ordinal)))
        {
            _entry.Add(line);
        }
    }
}
