using AIX.Core.Calls;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.AspNetCore.DataProtection;

namespace AIX.Infrastructure.Calls.Media;

/// <summary>A bucket of any store that speaks S3. What lies there was encrypted by this program before it left: the store's keepers cannot listen.</summary>
internal sealed class S3BlobStore : IBlobStore, IDisposable
{
    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly IDataProtectionProvider _protection;

    /// <exception cref="InvalidOperationException">The address is set, and a bucket or a key is missing.</exception>
    public S3BlobStore(RecordingOptions options, IDataProtectionProvider protection)
    {
        if (!Uri.TryCreate(options.S3Url, UriKind.Absolute, out _) || options.S3Bucket.Length == 0 || options.S3AccessKey.Length == 0 || options.S3SecretKey.Length == 0)
        {
            throw new InvalidOperationException("Recordings: S3Url is set, so it has to be a full address, and S3Bucket, S3AccessKey and S3SecretKey are needed, too; or leave S3Url empty to keep recordings as files.");
        }

        _bucket = options.S3Bucket;
        _protection = protection;
        _client = new AmazonS3Client(new BasicAWSCredentials(options.S3AccessKey, options.S3SecretKey), new AmazonS3Config
        {
            ServiceURL = options.S3Url,
            AuthenticationRegion = options.S3Region,

            // Stores other than Amazon's have neither hosts for buckets nor its newer checksums.
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }

    public async Task PutAsync(string key, Stream content, CancellationToken ct)
    {
        // In one piece, signed as a whole: not every store takes signed chunks apart as it should. Its length has to be known before, hence the file.
        await using var body = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await SealedMedia.SealAsync(content, body, _protection.CreateProtector(FileBlobStore.Purpose, key), ct);
        body.Position = 0;
        await _client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = key, InputStream = body, ContentType = "application/octet-stream", UseChunkEncoding = false }, ct);
    }

    public async Task<byte[]?> GetAsync(string key, CancellationToken ct)
    {
        try
        {
            using var found = await _client.GetObjectAsync(_bucket, key, ct);
            using var content = new MemoryStream();
            await found.ResponseStream.CopyToAsync(content, ct);
            return SealedMedia.Open(content.ToArray(), _protection, FileBlobStore.Purpose, key);
        }
        catch (AmazonS3Exception ex) when (ex.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task DeleteAsync(string key, CancellationToken ct) => _client.DeleteObjectAsync(_bucket, key, ct);

    public void Dispose() => _client.Dispose();
}
