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
        var wav = new byte[Header + (samples * 4)];
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
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), samples * 4);
        for (var i = 0; i < samples; i++)
        {
            // Assistant left, callee right, in turns of two seconds.
            var value = (short)(1_200 * Math.Sin(i * 2 * Math.PI * 220 / Rate));
            BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(Header + (i * 4) + (i / (2 * Rate) % 2 == 0 ? 0 : 2)), value);
        }

        return wav;
    }
}
