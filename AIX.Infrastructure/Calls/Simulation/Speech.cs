using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace AIX.Infrastructure.Calls.Simulation;

/// <summary>Recordings of the simulated network: two channels of 8 kHz PCM, the assistant left, the callee right, spoken by espeak-ng where it is installed.</summary>
/// <param name="program">Name or path of espeak-ng.</param>
internal sealed class Speech(string program)
{
    private const int Rate = 8_000;
    private const int MaxSeconds = 120;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="seconds">Length of the recording; what was said after it is not on it.</param>
    public async Task<byte[]> WavAsync(IReadOnlyList<SpokenLine> said, int seconds)
    {
        var length = Math.Clamp(seconds, 1, MaxSeconds) * Rate;
        var channels = new[] { new short[length], new short[length] };
        foreach (var line in said.Where(l => l.At < seconds))
        {
            if (await SpeakAsync(line) is not { } samples)
            {
                return Tone.Wav(seconds);
            }

            var from = (int)(line.At * Rate);
            for (var i = 0; i < samples.Length && from + i < length; i++)
            {
                channels[line.Callee ? 1 : 0][from + i] = samples[i];
            }
        }

        return said.Count == 0 ? Tone.Wav(seconds) : Tone.Stereo(channels[0], channels[1]);
    }

    /// <returns>Samples at 8 kHz; null when nothing speaks here.</returns>
    private async Task<short[]?> SpeakAsync(SpokenLine line)
    {
        try
        {
            // The words go over its input: they are data, whatever they look like.
            using var voice = Process.Start(new ProcessStartInfo(program, ["-v", (line.Language == "hi" ? "hi" : "en-gb") + (line.Callee ? "+f3" : "+m3"), "-s", "165", "--stdin", "--stdout"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardInputEncoding = new UTF8Encoding(false) })!;
            using var patience = new CancellationTokenSource(Patience);
            using var wav = new MemoryStream();
            var reading = voice.StandardOutput.BaseStream.CopyToAsync(wav, patience.Token);
            _ = voice.StandardError.ReadToEndAsync(patience.Token);
            await voice.StandardInput.WriteAsync(line.Text);
            voice.StandardInput.Close();
            try
            {
                await reading;
                await voice.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                voice.Kill();
                return null;
            }

            return voice.ExitCode == 0 ? Resample(wav.ToArray()) : null;
        }
        catch (Exception ex) when (ex is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>16-bit mono PCM of any rate, after the header; linear interpolation is enough for a telephone.</summary>
    private static short[]? Resample(ReadOnlySpan<byte> wav)
    {
        const int Header = 44;
        if (wav.Length < Header || !wav.StartsWith("RIFF"u8))
        {
            return null;
        }

        var rate = BinaryPrimitives.ReadInt32LittleEndian(wav[24..]);
        var count = (wav.Length - Header) / 2;
        var samples = new short[(int)((long)count * Rate / rate)];
        for (var i = 0; i < samples.Length; i++)
        {
            var at = (double)i * rate / Rate;
            var (left, share) = ((int)at, at - Math.Floor(at));
            var a = BinaryPrimitives.ReadInt16LittleEndian(wav[(Header + (left * 2))..]);
            var b = left + 1 < count ? BinaryPrimitives.ReadInt16LittleEndian(wav[(Header + ((left + 1) * 2))..]) : a;
            samples[i] = (short)(a + ((b - a) * share));
        }

        return samples;
    }
}
