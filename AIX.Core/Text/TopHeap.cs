namespace AIX.Core.Text;

/// <summary>The largest scores seen, smallest at the root.</summary>
internal sealed class TopHeap(int size)
{
    private readonly PriorityQueue<int, float> _queue = new(size + 1);

    /// <summary>What a score must exceed.</summary>
    public float Least { get; private set; } = float.NegativeInfinity;

    public void Push(float score, int slot)
    {
        _queue.Enqueue(slot, score);
        if (_queue.Count > size)
        {
            _queue.Dequeue();
        }

        if (_queue.Count == size && _queue.TryPeek(out _, out var least))
        {
            Least = least;
        }
    }

    public IEnumerable<(int Slot, float Score)> Sorted() => _queue.UnorderedItems.Select(i => (i.Element, i.Priority)).OrderByDescending(i => i.Priority).ThenBy(i => i.Element);
}
