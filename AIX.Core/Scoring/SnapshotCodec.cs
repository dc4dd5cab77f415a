using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AIX.Core.Scoring;

/// <summary>
/// Features as bytes: format number 1, then per feature a byte of kind and flags, the name, the value (little-endian double), the text shown and the fact ids; lengths are
/// 7-bit encoded, texts UTF-8. A million leads are read again at every promotion, and JSON would take most of that time.
/// </summary>
public static class SnapshotCodec
{
    private const byte Format = 1;

    private const byte HasValue = 0x08;
    private const byte HasShown = 0x10;
    private const byte HasFacts = 0x20;

    /// <summary>Snapshots of before the first format are JSON.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(IReadOnlyList<Feature> features)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * features.Count + 8);
        Byte(buffer, Format);
        foreach (var feature in features)
        {
            Byte(buffer, (byte)((byte)feature.Kind | (feature.Value is null ? 0 : HasValue) | (feature.Shown is null ? 0 : HasShown) | (feature.FactIds.Count == 0 ? 0 : HasFacts)));
            Text(buffer, feature.Name);
            if (feature.Value is { } value)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(buffer.GetSpan(8), value);
                buffer.Advance(8);
            }

            if (feature.Shown is { } shown)
            {
                Text(buffer, shown);
            }

            if (feature.FactIds.Count > 0)
            {
                Length(buffer, feature.FactIds.Count);
                foreach (var id in feature.FactIds)
                {
                    id.TryWriteBytes(buffer.GetSpan(16));
                    buffer.Advance(16);
                }
            }
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidDataException">These bytes are no snapshot.</exception>
    public static IReadOnlyList<Feature> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [(byte)'[', ..])
        {
            return JsonSerializer.Deserialize<List<Feature>>(bytes, Json)!;
        }

        var features = new List<Feature>();
        for (var reader = new SnapshotReader(bytes); reader.Next();)
        {
            features.Add(reader.Current());
        }

        return features;
    }

    /// <summary>One feature by its name, without reading the others.</summary>
    public static Feature? Find(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes is [(byte)'[', ..])
        {
            return Read(bytes).FirstOrDefault(f => f.Name == name);
        }

        Span<byte> wanted = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Math.Min(name.Length, 300))];
        if (name.Length > 300 || !Encoding.UTF8.TryGetBytes(name, wanted, out var length))
        {
            return Read(bytes).FirstOrDefault(f => f.Name == name);
        }

        for (var reader = new SnapshotReader(bytes); reader.Next();)
        {
            if (reader.Name.SequenceEqual(wanted[..length]))
            {
                return reader.Current();
            }
        }

        return null;
    }

    private static void Byte(ArrayBufferWriter<byte> buffer, byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    private static void Length(ArrayBufferWriter<byte> buffer, int value)
    {
        for (var rest = (uint)value; ; rest >>= 7)
        {
            Byte(buffer, (byte)(rest < 0x80 ? rest : rest | 0x80));
            if (rest < 0x80)
            {
                return;
            }
        }
    }

    private static void Text(ArrayBufferWriter<byte> buffer, string text)
    {
        Length(buffer, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer);
    }

    /// <summary>Walks over a snapshot without allocating.</summary>
    internal ref struct SnapshotReader
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private int _at;
        private byte _flags;
        private ReadOnlySpan<byte> _facts;

        public SnapshotReader(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > 0 && bytes[0] != Format)
            {
                throw new InvalidDataException($"A snapshot of format {bytes[0]}; this program reads format {Format}.");
            }

            _bytes = bytes;
            _at = Math.Min(1, bytes.Length);
        }

        public ReadOnlySpan<byte> Name { get; private set; }

        public readonly FeatureKind Kind => (FeatureKind)(_flags & 0x07);

        /// <summary>NaN when unknown.</summary>
        public double Value { get; private set; }

        public ReadOnlySpan<byte> Shown { get; private set; }

        public readonly bool IsShown => (_flags & HasShown) != 0;

        public bool Next()
        {
            if (_at >= _bytes.Length)
            {
                return false;
            }

            _flags = _bytes[_at++];
            Name = Take(Length());
            Value = (_flags & HasValue) != 0 ? BinaryPrimitives.ReadDoubleLittleEndian(Take(8)) : double.NaN;
            Shown = IsShown ? Take(Length()) : default;
            _facts = (_flags & HasFacts) != 0 ? Take(16L * Length()) : default;
            return true;
        }

        public readonly Feature Current()
        {
            var facts = new Guid[_facts.Length / 16];
            for (var k = 0; k < facts.Length; k++)
            {
                facts[k] = new Guid(_facts.Slice(16 * k, 16));
            }

            return new Feature(Encoding.UTF8.GetString(Name), (_flags & HasValue) != 0 ? Value : null, IsShown ? Encoding.UTF8.GetString(Shown) : null, facts, Kind);
        }

        private int Length()
        {
            var (value, shift) = (0u, 0);
            while (true)
            {
                var next = Take(1)[0];
                value |= (uint)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return (int)value;
                }

                if ((shift += 7) > 28)
                {
                    throw new InvalidDataException("A snapshot with a length that no text has.");
                }
            }
        }

        private ReadOnlySpan<byte> Take(long count)
        {
            if (count < 0 || count > _bytes.Length - _at)
            {
                throw new InvalidDataException("A snapshot that ends too soon.");
            }

            var taken = _bytes.Slice(_at, (int)count);
            _at += (int)count;
            return taken;
        }
    }
}
