using System.Buffers.Binary;

namespace AIX.Infrastructure.Calls.Simulation;

/// <summary>A recording where nobody spoke aloud: two channels of 8 kHz PCM with a soft tone, as long as the call.</summary>
internal static class Tone
{
    private const int Rate = 8_000;
    private const int Header = 44;

    public static byte[] Wav(int seconds)
    {
        var samples = Math.Clamp(seconds, 1, 120) * Rate;
        var (left, right) = (new short[samples], new short[samples]);
        for (var i = 0; i < samples; i++)
        {
            // Assistant left, callee right, in turns of two seconds.
            (i / (2 * Rate) % 2 == 0 ? left : right)[i] = (short)(1_200 * Math.Sin(i * 2 * Math.PI * 220 / Rate));
        }

        return Stereo(left, right);
    }

    /// <param name="left">Samples of 16 bits at 8 kHz, as many as <paramref name="right"/>.</param>
    public static byte[] Stereo(short[] left, short[] right)
    {
        var wav = new byte[Header + (left.Length * 4)];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 2);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), Rate * 4);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), 4);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), left.Length * 4);
        for (var i = 0; i < left.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(Header + (i * 4)), left[i]);
            BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(Header + (i * 4) + 2), right[i]);
        }

        return wav;
    }
}
