using System.Security.Cryptography;
using AIX.Infrastructure.Calls.Media;
using Microsoft.AspNetCore.DataProtection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

public class SealedMediaTests
{
    private readonly EphemeralDataProtectionProvider _protection = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(48 * 1024)]
    [InlineData((48 * 1024) + 1)]
    [InlineData(500_000)]
    public async Task Media_ComeBackAsTheyWere_AndAreNotToBeRead(int length)
    {
        var media = Media(length);

        var secret = await SealAsync(media, "a");

        SealedMedia.Open(secret, Protector("a")).ShouldBe(media);
        (length > 64 && secret.AsSpan().IndexOf(media.AsSpan(0, 64)) >= 0).ShouldBeFalse();
    }

    /// <summary>Prevents: a recording that was cut, put together anew or laid in the place of another's is played as if it were whole.</summary>
    [Fact]
    public async Task Media_ThatWereChanged_AreFoundOut()
    {
        var secret = await SealAsync(Media(200_000), "a");
        var first = 4 + 4 + BitConverter.ToInt32(secret, 4);
        var second = first + 4 + BitConverter.ToInt32(secret, first);

        Should.Throw<CryptographicException>(() => SealedMedia.Open(secret, Protector("b")));
        Should.Throw<CryptographicException>(() => SealedMedia.Open(secret[..second], Protector("a"))).Message.ShouldContain("too early");
        Should.Throw<CryptographicException>(() => SealedMedia.Open([.. secret[..4], .. secret[first..]], Protector("a"))).Message.ShouldContain("not in its place");
        Should.Throw<CryptographicException>(() => SealedMedia.Open([.. secret, 0], Protector("a"))).Message.ShouldContain("follows");
        Should.Throw<CryptographicException>(() => SealedMedia.Open("RIFF"u8.ToArray(), Protector("a"))).Message.ShouldContain("no sealed media");
        secret[first + 40] ^= 1;
        Should.Throw<CryptographicException>(() => SealedMedia.Open(secret, Protector("a")));
    }

    /// <summary>Prevents: recordings that were kept before media were sealed in chunks can be heard no more.</summary>
    [Fact]
    public async Task Media_ProtectedAsAWhole_AreStillOpened()
    {
        var media = Media(1_000);

        SealedMedia.Open(_protection.CreateProtector("test").Protect(media), _protection, "test", "a").ShouldBe(media);
        SealedMedia.Open(await SealAsync(media, "a"), _protection, "test", "a").ShouldBe(media);
        Should.Throw<CryptographicException>(() => SealedMedia.Open("RIFF and so on"u8.ToArray(), _protection, "test", "a"));
    }

    private static byte[] Media(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 7) + (i / 251)))];

    private async Task<byte[]> SealAsync(byte[] media, string key)
    {
        using var target = new MemoryStream();
        await SealedMedia.SealAsync(new MemoryStream(media), target, Protector(key), CancellationToken.None);
        return target.ToArray();
    }

    private IDataProtector Protector(string key) => _protection.CreateProtector("test", key);
}
