using System.Diagnostics;
using AIX.Core.Calls;
using AIX.Infrastructure.Calls.Media;
using AIX.Tests.Support;
using Amazon.S3;
using Microsoft.AspNetCore.DataProtection;
using Shouldly;
using Xunit;

namespace AIX.Tests.Calls;

/// <summary>Recordings in a bucket of a server that speaks S3; it comes from npm.</summary>
public sealed class S3BlobStoreTests : IAsyncLifetime
{
    private const string Package = "s3rver@3.7.1";
    private const string Bucket = "aix-recordings";

    private readonly string _data = Directory.CreateTempSubdirectory("aix-s3").FullName;
    private readonly int _port = Npm.FreePort();
    private Process? _server;
    private string? _reason;

    public async Task InitializeAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), "aix-s3rver-3.7.1");
        if (!File.Exists(Path.Combine(folder, "node_modules/s3rver/bin/s3rver.js")) && await Npm.InstallAsync(folder, Package) is { } failure)
        {
            _reason = $"The S3 server could not be installed from npm: {failure}";
            return;
        }

        _server = Process.Start(new ProcessStartInfo("node", ["node_modules/s3rver/bin/s3rver.js", "-d", _data, "-a", "127.0.0.1", "-p", _port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--no-vhost-buckets", "--configure-bucket", Bucket]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = _server.StandardError.ReadToEndAsync();
        _ = _server.StandardOutput.ReadToEndAsync();
        using var http = new HttpClient();
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{_port}/"));
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            }, "the S3 server");
    }

    public Task DisposeAsync()
    {
        _server?.Kill(true);
        _server?.Dispose();
        Directory.Delete(_data, true);
        return Task.CompletedTask;
    }

    [SkippableFact]
    public async Task Recording_GoesThere_ComesBack_AndIsOfNoUseToItsKeeper()
    {
        Skip.If(_reason is not null, _reason);
        var protection = new EphemeralDataProtectionProvider();
        using var store = new S3BlobStore(Options("S3RVER"), protection);
        var (key, media) = ($"{Guid.CreateVersion7()}/{Guid.CreateVersion7()}", Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7)).ToArray());

        await store.PutAsync(key, new MemoryStream(media), CancellationToken.None);

        (await store.GetAsync(key, CancellationToken.None)).ShouldBe(media);
        (await store.GetAsync("nothing/there", CancellationToken.None)).ShouldBeNull();
        Directory.EnumerateFiles(_data, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes).Count(f => f.AsSpan().IndexOf(media.AsSpan(0, 64)) >= 0).ShouldBe(0);
        await store.DeleteAsync(key, CancellationToken.None);
        (await store.GetAsync(key, CancellationToken.None)).ShouldBeNull();

        // The oracle is awake: it does not know everybody.
        using var stranger = new S3BlobStore(Options("NOBODY"), protection);
        await Should.ThrowAsync<AmazonS3Exception>(() => stranger.PutAsync(key, new MemoryStream(media), CancellationToken.None));
    }

    [Fact]
    public void Settings_ThatAreHalf_SayWhatIsMissing() => Should.Throw<InvalidOperationException>(() => new S3BlobStore(new RecordingOptions { S3Url = "https://s3.example.com" }, new EphemeralDataProtectionProvider())).Message.ShouldContain("S3Bucket");

    private RecordingOptions Options(string user) => new() { S3Url = $"http://127.0.0.1:{_port}", S3Bucket = Bucket, S3Region = "us-east-1", S3AccessKey = user, S3SecretKey = user };
}
