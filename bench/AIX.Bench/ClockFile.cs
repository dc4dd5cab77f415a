using System.Globalization;

namespace AIX.Bench;

/// <summary>The clock that programs of a rehearsal share (see <c>SharedTime</c>), led from here.</summary>
/// <param name="speed">Its seconds in one of the wall's.</param>
internal sealed class ClockFile(string path, double speed) : IDisposable
{
    /// <summary>As the setting <c>Calls:SimulatorClock</c>.</summary>
    public string Setting => "file:" + path;

    public DateTimeOffset Now
    {
        get
        {
            var parts = File.ReadAllText(path).Split(' ').Select(p => double.Parse(p, CultureInfo.InvariantCulture)).ToArray();
            return DateTimeOffset.FromUnixTimeMilliseconds((long)(parts[1] + ((TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - parts[0]) * parts[2])));
        }
    }

    public void JumpTo(DateTimeOffset to)
    {
        File.WriteAllText(path + ".part", string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()} {to.ToUnixTimeMilliseconds()} {speed}"));
        File.Move(path + ".part", path, true);
    }

    public void Dispose() => File.Delete(path);
}
