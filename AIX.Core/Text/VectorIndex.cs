using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AIX.Core.Text;

/// <summary>A vector found, and its inner product with the query.</summary>
public readonly record struct VectorHit<TKey>(TKey Key, float Score);

/// <summary>
/// Exact inner-product search. All vectors are scanned as bytes, a quarter of the memory; the scan knows how far each byte vector can be from its float vector, so that whatever might still be
/// among the best is ranked again by its floats: the answer is that of a float scan, never an approximation. Vectors can be added, replaced and removed; safe for concurrent readers and writers.
/// </summary>
public sealed class VectorIndex<TKey> : IDisposable
    where TKey : notnull
{
    /// <summary>Bytes are padded to whole registers.</summary>
    private const int Register = 64;

    private readonly ReaderWriterLockSlim _gate = new();
    private readonly Dictionary<TKey, int> _slots = [];
    private readonly List<TKey> _keys = [];
    private readonly int _dimensions;
    private readonly int _stride;
    private float[] _floats = [];
    private sbyte[] _bytes = [];
    private float[] _scales = [];
    private float[] _errors = [];

    /// <param name="dimensions">Numbers of a vector, 1 to 4,096.</param>
    public VectorIndex(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, 4096);
        _dimensions = dimensions;
        _stride = (dimensions + Register - 1) / Register * Register;
    }

    public int Count
    {
        get
        {
            using var read = Reading();
            return _keys.Count;
        }
    }

    /// <summary>Adds a vector, or replaces the key's.</summary>
    public void Set(TKey key, ReadOnlySpan<float> vector)
    {
        Check(vector);
        _gate.EnterWriteLock();
        try
        {
            if (!_slots.TryGetValue(key, out var slot))
            {
                _slots[key] = slot = _keys.Count;
                _keys.Add(key);
                Grow(_keys.Count);
            }

            Write(slot, vector);
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Takes a key out; the last vector moves into its place.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Remove(TKey key)
    {
        _gate.EnterWriteLock();
        try
        {
            if (!_slots.Remove(key, out var slot))
            {
                return false;
            }

            var last = _keys.Count - 1;
            if (slot != last)
            {
                _keys[slot] = _keys[last];
                _slots[_keys[slot]] = slot;
                _floats.AsSpan(last * _dimensions, _dimensions).CopyTo(_floats.AsSpan(slot * _dimensions));
                _bytes.AsSpan(last * _stride, _stride).CopyTo(_bytes.AsSpan(slot * _stride));
                (_scales[slot], _errors[slot]) = (_scales[last], _errors[last]);
            }

            _keys.RemoveAt(last);
            return true;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>The key's own vector; null when it is not there.</summary>
    public float[]? Find(TKey key)
    {
        using var read = Reading();
        return _slots.TryGetValue(key, out var slot) ? _floats.AsSpan(slot * _dimensions, _dimensions).ToArray() : null;
    }

    /// <summary>The vectors with the largest inner products, the largest first.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="allowed">Keys that may be found; null for all.</param>
    public IReadOnlyList<VectorHit<TKey>> Search(ReadOnlySpan<float> query, int count, Func<TKey, bool>? allowed = null)
    {
        Check(query);
        using var read = Reading();
        var n = _keys.Count;
        if (n == 0 || count <= 0)
        {
            return [];
        }

        // |q·v − q̂·v̂| ≤ |q|·|v − v̂| + |q − q̂|·|v̂|, and |v̂| ≤ |v| + |v − v̂|.
        var bytes = new sbyte[_stride];
        var (queryScale, queryError) = VectorBytes.Quantise(query, bytes);
        var queryNorm = TensorPrimitives.Norm(query);
        var scores = new float[n];
        Dots(bytes, scores);
        var best = new TopHeap(Math.Min(count, n));
        for (var i = 0; i < n; i++)
        {
            scores[i] *= queryScale * _scales[i];
            if (scores[i] - Slack(i, queryNorm, queryError) is var low && low > best.Least && (allowed is null || allowed(_keys[i])))
            {
                best.Push(low, i);
            }
        }

        var floor = best.Least;
        var top = new TopHeap(Math.Min(count, n));
        for (var i = 0; i < n; i++)
        {
            if (scores[i] + Slack(i, queryNorm, queryError) >= floor && (allowed is null || allowed(_keys[i])))
            {
                var exact = TensorPrimitives.Dot(query, _floats.AsSpan(i * _dimensions, _dimensions));
                if (exact > top.Least)
                {
                    top.Push(exact, i);
                }
            }
        }

        return [.. top.Sorted().Select(h => new VectorHit<TKey>(_keys[h.Slot], h.Score))];
    }

    /// <summary>The same by floats alone: what <see cref="Search"/> must equal, and the yardstick of its speed.</summary>
    internal IReadOnlyList<VectorHit<TKey>> Scan(ReadOnlySpan<float> query, int count)
    {
        using var read = Reading();
        var top = new TopHeap(Math.Min(count, Math.Max(1, _keys.Count)));
        for (var i = 0; i < _keys.Count; i++)
        {
            var exact = TensorPrimitives.Dot(query, _floats.AsSpan(i * _dimensions, _dimensions));
            if (exact > top.Least)
            {
                top.Push(exact, i);
            }
        }

        return [.. top.Sorted().Select(h => new VectorHit<TKey>(_keys[h.Slot], h.Score))];
    }

    public void Dispose() => _gate.Dispose();

    private float Slack(int slot, float queryNorm, float queryError) => (queryNorm * _errors[slot]) + (queryError * (TensorLength(slot) + _errors[slot])) + 1e-6f;

    /// <summary>Length of a stored vector: the longest byte, 127 of its scales, bounds it; unit vectors are bounded by 1.</summary>
    private float TensorLength(int slot) => MathF.Max(1, 127 * _scales[slot]);

    private void Check(ReadOnlySpan<float> vector)
    {
        if (vector.Length != _dimensions)
        {
            throw new ArgumentException($"A vector of {vector.Length} numbers; this index holds {_dimensions}.", nameof(vector));
        }

        // Longer ones would break the bound of the scan.
        if (TensorPrimitives.SumOfSquares(vector) is not <= 1.001f)
        {
            throw new ArgumentException("A vector that is not of unit length (or holds a number that is none).", nameof(vector));
        }
    }

    private void Grow(int count)
    {
        if (_scales.Length < count)
        {
            var size = Math.Max(64, _scales.Length * 3 / 2);
            size = Math.Max(size, count);
            Array.Resize(ref _floats, size * _dimensions);
            Array.Resize(ref _bytes, size * _stride);
            Array.Resize(ref _scales, size);
            Array.Resize(ref _errors, size);
        }
    }

    private void Write(int slot, ReadOnlySpan<float> vector)
    {
        vector.CopyTo(_floats.AsSpan(slot * _dimensions));
        (_scales[slot], _errors[slot]) = VectorBytes.Quantise(vector, _bytes.AsSpan(slot * _stride, _stride));
    }

    private void Dots(sbyte[] query, float[] scores)
    {
        ref var q = ref MemoryMarshal.GetArrayDataReference(query);
        ref var v = ref MemoryMarshal.GetArrayDataReference(_bytes);
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = VectorBytes.Dot(ref q, ref Unsafe.Add(ref v, (nint)i * _stride), _stride);
        }
    }

    private ReadLock Reading()
    {
        _gate.EnterReadLock();
        return new ReadLock(_gate);
    }

    private readonly struct ReadLock(ReaderWriterLockSlim gate) : IDisposable
    {
        public void Dispose() => gate.ExitReadLock();
    }
}
