namespace AIX.Infrastructure.Pipeline;

/// <summary>Wakes idle workers of this node. Take <see cref="Signal.Next"/> before looking for work, so that no wake-up falls between.</summary>
public sealed class WorkSignals
{
    public Signal Runs { get; } = new();

    public Signal Imports { get; } = new();

    public Signal Bulk { get; } = new();

    /// <summary>Waits for the signal, at most <paramref name="poll"/>.</summary>
    public static async Task WaitAsync(Task woken, TimeSpan poll, TimeProvider time, CancellationToken ct)
    {
        try
        {
            await woken.WaitAsync(poll, time, ct);
        }
        catch (TimeoutException)
        {
            // Nothing was heard: look anyway.
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    public sealed class Signal
    {
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Next() => Volatile.Read(ref _next).Task;

        public void Set() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
