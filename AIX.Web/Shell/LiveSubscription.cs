using System.Collections.Concurrent;
using System.Globalization;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Web.Shell;

/// <summary>Collects live events for a page and hands them over in bunches: the first at once, those that follow at most every
/// <paramref name="every"/>, so that an import does not drown a circuit. Call from OnAfterRender; dispose with the page.</summary>
/// <param name="flush">Gets what has come; runs outside the circuit, so it marshals with InvokeAsync.</param>
public sealed class LiveSubscription(TimeProvider time, TimeSpan every, Func<IReadOnlyList<IDomainEvent>, Task> flush) : IDisposable
{
    private readonly ConcurrentQueue<IDomainEvent> _waiting = new();
    private readonly CancellationTokenSource _end = new();

    /// <summary>The page's language: an event comes on a thread that has another, and what it makes the page draw would be in that.</summary>
    private readonly (CultureInfo Formats, CultureInfo Texts) _language = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
    private IDisposable? _subscription;
    private int _flushing;

    public void Start(ILiveFeed feed, TenantId tenant, Func<IDomainEvent, bool> wanted)
    {
        _subscription = feed.Subscribe(tenant, e =>
        {
            if (wanted(e))
            {
                _waiting.Enqueue(e);
                if (Interlocked.Exchange(ref _flushing, 1) == 0)
                {
                    _ = Task.Run(FlushAsync);
                }
            }
        });
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _end.Cancel();
        _end.Dispose();
    }

    private async Task FlushAsync()
    {
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = _language;
        try
        {
            while (!_waiting.IsEmpty)
            {
                var bunch = new List<IDomainEvent>();
                while (_waiting.TryDequeue(out var e))
                {
                    bunch.Add(e);
                }

                await flush(bunch);
                await Task.Delay(every, time, _end.Token);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or ObjectDisposedException)
        {
            // The page is gone.
        }
        finally
        {
            Interlocked.Exchange(ref _flushing, 0);
        }

        // Something may have come between the last look and the reset.
        if (!_waiting.IsEmpty && !_end.IsCancellationRequested && Interlocked.Exchange(ref _flushing, 1) == 0)
        {
            _ = Task.Run(FlushAsync);
        }
    }
}
