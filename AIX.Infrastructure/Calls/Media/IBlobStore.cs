using Microsoft.AspNetCore.DataProtection;

namespace AIX.Infrastructure.Calls.Media;

/// <summary>Media under a key, encrypted before they leave the program.</summary>
internal interface IBlobStore
{
    /// <param name="content">Read to its end, in pieces.</param>
    Task PutAsync(string key, Stream content, CancellationToken ct);

    /// <returns>Null when there is nothing under the key.</returns>
    Task<byte[]?> GetAsync(string key, CancellationToken ct);

    Task DeleteAsync(string key, CancellationToken ct);
}

/// <summary>Files in the data folder, encrypted with the keys that protect sign-ins; a file alone is worth nothing.</summary>
internal sealed class FileBlobStore(string folder, IDataProtectionProvider protection) : IBlobStore
{
    public const string Purpose = "AIX.Recordings.v1";

    public async Task PutAsync(string key, Stream content, CancellationToken ct)
    {
        var path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (var file = File.Create(path + ".part"))
        {
            await SealedMedia.SealAsync(content, file, protection.CreateProtector(Purpose, key), ct);
        }

        File.Move(path + ".part", path, true);
    }

    public async Task<byte[]?> GetAsync(string key, CancellationToken ct) => File.Exists(PathOf(key)) ? SealedMedia.Open(await File.ReadAllBytesAsync(PathOf(key), ct), protection, Purpose, key) : null;

    public Task DeleteAsync(string key, CancellationToken ct)
    {
        File.Delete(PathOf(key));
        return Task.CompletedTask;
    }

    /// <summary>Keys are made by this program: two ids with a slash between them.</summary>
    private string PathOf(string key) => Path.Combine([folder, .. key.Split('/').Select(p => Guid.Parse(p).ToString("N"))]);
}
