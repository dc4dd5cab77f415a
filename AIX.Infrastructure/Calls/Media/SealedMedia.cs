using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace AIX.Infrastructure.Calls.Media;

/// <summary>
/// Media, encrypted in chunks, so that an hour's recording passes through in small pieces: <c>AIX1</c>, then of each chunk its length (four bytes, little-endian) and its protected content, which begins with its number and whether it is the last.
/// A chunk that is missing, moved or of other media is found out.
/// </summary>
internal static class SealedMedia
{
    /// <summary>With what encryption adds, small enough for the ordinary heap: arrays of 85,000 bytes and more are collected with everything else.</summary>
    private const int Chunk = 48 * 1024;

    private const int Head = 5;

    private static ReadOnlySpan<byte> Magic => "AIX1"u8;

    public static async Task SealAsync(Stream plain, Stream target, IDataProtector protector, CancellationToken ct)
    {
        await target.WriteAsync(Magic.ToArray(), ct);
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        var length = new byte[sizeof(int)];
        try
        {
            for (var (number, last) = (0, false); !last; number++)
            {
                var read = await plain.ReadAtLeastAsync(buffer.AsMemory(0, Chunk), Chunk, throwOnEndOfStream: false, ct);
                last = read < Chunk;
                var content = new byte[Head + read];
                BinaryPrimitives.WriteInt32LittleEndian(content, number);
                content[Head - 1] = last ? (byte)1 : (byte)0;
                buffer.AsSpan(0, read).CopyTo(content.AsSpan(Head));
                var secret = protector.Protect(content);
                BinaryPrimitives.WriteInt32LittleEndian(length, secret.Length);
                await target.WriteAsync(length, ct);
                await target.WriteAsync(secret, ct);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Opens what was sealed under a key, and what was protected as a whole before there were chunks.</summary>
    /// <exception cref="CryptographicException">The media were changed, cut, or belong to something else.</exception>
    public static byte[] Open(byte[] media, IDataProtectionProvider protection, string purpose, string key) =>
        media.AsSpan().StartsWith(Magic) ? Open(media, protection.CreateProtector(purpose, key)) : protection.CreateProtector(purpose).Unprotect(media);

    /// <exception cref="CryptographicException">The media were changed, cut, or belong to something else.</exception>
    public static byte[] Open(byte[] sealedMedia, IDataProtector protector)
    {
        var rest = sealedMedia.AsSpan();
        if (!rest.StartsWith(Magic))
        {
            throw new CryptographicException("These are no sealed media.");
        }

        rest = rest[Magic.Length..];
        using var plain = new MemoryStream(sealedMedia.Length);
        for (var (number, last) = (0, false); !last; number++)
        {
            var size = rest.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest);
            if (size < 0 || size > rest.Length - sizeof(int))
            {
                throw new CryptographicException("The sealed media end too early.");
            }

            var content = protector.Unprotect(rest.Slice(sizeof(int), size).ToArray());
            if (content.Length < Head || BinaryPrimitives.ReadInt32LittleEndian(content) != number)
            {
                throw new CryptographicException("A piece of the sealed media is not in its place.");
            }

            last = content[Head - 1] == 1;
            plain.Write(content.AsSpan(Head));
            rest = rest[(sizeof(int) + size)..];
        }

        return rest.IsEmpty ? plain.ToArray() : throw new CryptographicException("Something follows the sealed media.");
    }
}
