namespace AIX.Tests.Support;

/// <summary>A clock that tests move by hand.</summary>
internal sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    private DateTimeOffset _now = start ?? new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    /// <summary>Elapsed time stands as the clock does: otherwise what a test measures depends on how busy the machine is.</summary>
    public override long GetTimestamp() => _now.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan by) => _now += by;
}
