using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AIX.Core.Shared;

/// <summary>A draw by lot that is always the same for one id, so that looking again is no second draw.</summary>
public static class Lot
{
    /// <returns>Even over [0, 1).</returns>
    public static double Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        id.TryWriteBytes(bytes);
        SHA256.HashData(bytes, hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }
}
