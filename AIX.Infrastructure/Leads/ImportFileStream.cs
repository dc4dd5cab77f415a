using AIX.Core.Leads;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using Microsoft.EntityFrameworkCore;

namespace AIX.Infrastructure.Leads;

/// <summary>An uploaded file read part by part: one part in memory, no connection held between reads.</summary>
internal sealed class ImportFileStream(DataSources sources, TenantId tenant, Guid importId) : Stream
{
    private byte[] _part = [];
    private int _at;
    private int _next;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_at == _part.Length && !LoadNext())
        {
            return 0;
        }

        var length = Math.Min(buffer.Length, _part.Length - _at);
        _part.AsSpan(_at, length).CopyTo(buffer);
        _at += length;
        return length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool LoadNext()
    {
        using var db = sources.Context(tenant);
        var part = _next++;
        (_part, _at) = (db.Set<ImportFilePart>().Where(p => p.ImportId == importId && p.Part == part).Select(p => p.Content).FirstOrDefault() ?? [], 0);
        return _part.Length > 0;
    }
}
