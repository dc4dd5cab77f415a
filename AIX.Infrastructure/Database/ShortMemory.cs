using System.Collections.Concurrent;

namespace AIX.Infrastructure.Database;

/// <summary>Remembers an answer for a moment, so that fifty pages that hear of one change ask once. Whoever asks while the answer is on its way waits for it.</summary>
internal sealed class ShortMemory<TKey, TValue>(TimeProvider time, TimeSpan lifetime)
    where TKey : notnull
{
    private const int Most = 200;

    private readonly ConcurrentDictionary<TKey, (Lazy<Task<TValue>> Answer, DateTimeOffset Until)> _answers = new();

    public async Task<TValue> GetAsync(TKey key, Func<Task<TValue>> ask)
    {
        var now = time.GetUtcNow();
        if (_answers.Count > Most)
        {
            foreach (var old in _answers.Where(a => a.Value.Until <= now).Select(a => a.Key).ToList())
            {
                _answers.TryRemove(old, out _);
            }
        }

        var (answer, _) = _answers.AddOrUpdate(key, _ => (new Lazy<Task<TValue>>(ask), now + lifetime), (_, known) => known.Until > now ? known : (new Lazy<Task<TValue>>(ask), now + lifetime));
        try
        {
            return await answer.Value;
        }
        catch
        {
            // A failure is not remembered.
            _answers.TryRemove(key, out _);
            throw;
        }
    }
}
