using System.Globalization;

namespace AIX.Web.Composition;

/// <summary>
/// A clock that several programs share through a file, for rehearsals: a line with a wall time, the time that the clock showed then (both in Unix milliseconds) and how many of its seconds pass in one. Whoever leads the rehearsal writes it,
/// to make the clock run faster or jump over a night. Timers stay on the wall clock.
/// </summary>
internal sealed class SharedTime(string path) : TimeProvider
{
    private const int ReadEveryMs = 20;

    private readonly Lock _gate = new();
    private long _readAt;
    private double _wall;
    private double _shown;
    private double _speed = 1;

    public override DateTimeOffset GetUtcNow()
    {
        var now = System.GetUtcNow();
        lock (_gate)
        {
            if (now.ToUnixTimeMilliseconds() - _readAt > ReadEveryMs)
            {
                Read();
                _readAt = now.ToUnixTimeMilliseconds();
            }

            return DateTimeOffset.UnixEpoch.AddMilliseconds(_shown + (((now - DateTimeOffset.UnixEpoch).TotalMilliseconds - _wall) * _speed));
        }
    }

    private void Read()
    {
        try
        {
            if (File.ReadAllText(path).Split(' ') is [var wall, var shown, var speed])
            {
                (_wall, _shown, _speed) = (double.Parse(wall, CultureInfo.InvariantCulture), double.Parse(shown, CultureInfo.InvariantCulture), double.Parse(speed, CultureInfo.InvariantCulture));
            }
        }
        catch (IOException)
        {
            // Being written: the clock runs on as it did.
        }
    }
}
