using System.Diagnostics;

namespace AIX.Tests.Support;

/// <summary>Waits for a condition of another process; fails with what was waited for.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, int seconds = 60)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            if (watch.Elapsed.TotalSeconds > seconds)
            {
                throw new TimeoutException($"Waited {seconds} s for: {what}");
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
