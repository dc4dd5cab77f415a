using System.Buffers.Binary;
using AIX.Infrastructure.Calls.Simulation;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

public sealed class SpeechTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aix-speech").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    /// <summary>A program in espeak-ng's place: says for each text one half second at 16 kHz, and writes down how it was asked.</summary>
    [SkippableFact]
    public async Task Recording_HasBothVoices_EachOnItsSide_WhereItWasSaid()
    {
        Skip.If(OperatingSystem.IsWindows(), "The stand-in for espeak-ng is a shell script.");
        await File.WriteAllBytesAsync(Path.Combine(_folder, "half.wav"), Mono(16_000, 8_000, 9_000));
        var program = Path.Combine(_folder, "espeak");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\necho \"$@\" >> '{_folder}/asked'\ncat >> '{_folder}/asked'\ncat '{_folder}/half.wav'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var wav = await new Speech(program).WavAsync([new SpokenLine(1, false, "Hello; rm -rf $HOME", "en"), new SpokenLine(3, true, "नमस्ते", "hi"), new SpokenLine(9, true, "after the end", "en")], 5);

        wav.Length.ShouldBe(44 + (5 * 8_000 * 4));
        (Loud(wav, 0, 1.25), Loud(wav, 1, 1.25)).ShouldBe((true, false));
        (Loud(wav, 0, 3.25), Loud(wav, 1, 3.25)).ShouldBe((false, true));
        (Loud(wav, 0, 2), Loud(wav, 1, 4)).ShouldBe((false, false));
        var asked = await File.ReadAllTextAsync(Path.Combine(_folder, "asked"));
        asked.ShouldContain("-v hi");
        asked.ShouldContain("Hello; rm -rf $HOME");
        asked.ShouldNotContain("after the end");
    }

    [Fact]
    public async Task Recording_WithoutTheProgram_IsATone() => (await new Speech(Path.Combine(_folder, "nothing")).WavAsync([new SpokenLine(0, false, "Hello", "en")], 3)).ShouldBe(Tone.Wav(3));

    [SkippableFact]
    public async Task EspeakNg_WhereItIsInstalled_Speaks()
    {
        Skip.IfNot((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, "espeak-ng"))), "espeak-ng is not installed on this machine.");
        var wav = await new Speech("espeak-ng").WavAsync([new SpokenLine(0, false, "Hello, this is a call", "en"), new SpokenLine(3, true, "नमस्ते जी", "hi")], 6);
        (Enumerable.Range(0, 20).Any(i => Loud(wav, 0, i / 10.0)), Enumerable.Range(30, 20).Any(i => Loud(wav, 1, i / 10.0))).ShouldBe((true, true));
    }

    private static bool Loud(byte[] wav, int channel, double second) => Math.Abs((int)BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(44 + ((int)(second * 8_000) * 4) + (channel * 2)))) > 500;

    private static byte[] Mono(int rate, int samples, short value)
    {
        var wav = new byte[44 + (samples * 2)];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), rate);
        for (var i = 0; i < samples; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(44 + (i * 2)), value);
        }

        return wav;
    }
}
