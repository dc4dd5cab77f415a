using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AIX.Core.Enrichment;

namespace AIX.Infrastructure.Enrichment.Public;

/// <summary>MX and TXT records, which .NET does not look up: one UDP question (RFC 1035) with room for long answers (EDNS, RFC 6891), over TCP where the answer was cut (RFC 7766).</summary>
internal sealed class DnsResolver(EnrichmentOptions options)
{
    public const ushort Mx = 15;
    public const ushort Txt = 16;

    private const int Port = 53;

    private const int UdpSize = 4096;

    private const int MaxRecords = 100;

    /// <returns>Hosts of MX, texts of TXT; empty when the name has none.</returns>
    /// <exception cref="IOException">No usable answer.</exception>
    public async Task<IReadOnlyList<string>> ResolveAsync(string name, ushort type, CancellationToken ct)
    {
        var server = Server();
        var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        var question = Question(id, name, type);
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
            timeout.CancelAfter(TimeSpan.FromSeconds(3));
            var answer = await UdpAsync(server, question, id, timeout.Token);
            if ((answer[2] & 0x02) != 0)
            {
                answer = await TcpAsync(server, question, timeout.Token);
            }

            return Read(answer, id, type);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new IOException("The DNS server did not answer within 3 seconds.");
        }
        catch (SocketException ex)
        {
            throw new IOException($"The DNS server cannot be reached: {ex.Message}", ex);
        }
    }

    internal static byte[] Question(ushort id, string name, ushort type)
    {
        using var memory = new MemoryStream();
        memory.Write([(byte)(id >> 8), (byte)id, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 1]);
        foreach (var label in new System.Globalization.IdnMapping().GetAscii(name.TrimEnd('.')).Split('.'))
        {
            memory.WriteByte((byte)Math.Min(63, label.Length));
            memory.Write(Encoding.ASCII.GetBytes(label).AsSpan(0, Math.Min(63, label.Length)));
        }

        memory.Write([0, (byte)(type >> 8), (byte)type, 0, 1]);
        memory.Write([0, 0, 41, UdpSize >> 8, UdpSize & 0xFF, 0, 0, 0, 0, 0, 0]);
        return memory.ToArray();
    }

    /// <exception cref="IOException">The answer is none, or a failure of the server.</exception>
    internal static IReadOnlyList<string> Read(ReadOnlySpan<byte> answer, ushort id, ushort type)
    {
        if (answer.Length < 12 || BinaryPrimitives.ReadUInt16BigEndian(answer) != id || (answer[2] & 0x80) == 0)
        {
            throw new IOException("The DNS server sent something that is no answer.");
        }

        // 3: the name does not exist.
        if ((answer[3] & 0x0F) is var code && code is not (0 or 3))
        {
            throw new IOException($"The DNS server failed with code {code}.");
        }

        var (questions, answers, at) = (BinaryPrimitives.ReadUInt16BigEndian(answer[4..]), BinaryPrimitives.ReadUInt16BigEndian(answer[6..]), 12);
        try
        {
            for (var q = 0; q < questions; q++)
            {
                Name(answer, ref at);
                at += 4;
            }

            var records = new List<(int Order, string Value)>();
            for (var a = 0; a < Math.Min((int)answers, MaxRecords); a++)
            {
                Name(answer, ref at);
                var (kind, length) = (BinaryPrimitives.ReadUInt16BigEndian(answer[at..]), BinaryPrimitives.ReadUInt16BigEndian(answer[(at + 8)..]));
                at += 10;
                if (kind == type)
                {
                    var from = at + 2;
                    records.Add(type == Mx ? (BinaryPrimitives.ReadUInt16BigEndian(answer[at..]), Name(answer, ref from)) : (a, Strings(answer.Slice(at, length))));
                }

                at += length;
            }

            return [.. records.OrderBy(r => r.Order).Select(r => r.Value)];
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new IOException("The DNS server sent an answer that ends too soon.");
        }
    }

    /// <summary>A name, perhaps pointing to an earlier one; pointers lead backwards only, so that none goes in a circle.</summary>
    private static string Name(ReadOnlySpan<byte> answer, ref int at)
    {
        var (labels, read, limit) = (new List<string>(), at, at);
        var end = -1;
        while (answer[read..][0] is var length && length != 0)
        {
            if ((length & 0xC0) == 0xC0)
            {
                var target = ((length & 0x3F) << 8) | answer[(read + 1)..][0];
                end = end < 0 ? read + 2 : end;
                if (target >= limit)
                {
                    throw new IOException("The DNS server sent a name that points to itself.");
                }

                (read, limit) = (target, target);
            }
            else
            {
                labels.Add(Encoding.ASCII.GetString(answer.Slice(read + 1, length)));
                read += 1 + length;
            }
        }

        at = end < 0 ? read + 1 : end;
        return string.Join('.', labels);
    }

    private static string Strings(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        for (var at = 0; at < data.Length; at += 1 + data[at])
        {
            text.Append(Encoding.Latin1.GetString(data.Slice(at + 1, data[at])));
        }

        return text.ToString();
    }

    private static async Task<byte[]> UdpAsync(IPEndPoint server, byte[] question, ushort id, CancellationToken ct)
    {
        using var client = new UdpClient(server.AddressFamily);
        client.Connect(server);
        await client.SendAsync(question, ct);
        while (true)
        {
            // What answers another question is passed over.
            var answer = (await client.ReceiveAsync(ct)).Buffer;
            if (answer.Length >= 12 && BinaryPrimitives.ReadUInt16BigEndian(answer) == id)
            {
                return answer;
            }
        }
    }

    private static async Task<byte[]> TcpAsync(IPEndPoint server, byte[] question, CancellationToken ct)
    {
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server, ct);
        await using var stream = client.GetStream();
        byte[] length = [(byte)(question.Length >> 8), (byte)question.Length];
        await stream.WriteAsync((byte[])[.. length, .. question], ct);
        await stream.ReadExactlyAsync(length, ct);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, ct);
        return answer;
    }

    private IPEndPoint Server()
    {
        if (options.DnsServer.Length > 0 && IPEndPoint.TryParse(options.DnsServer, out var configured))
        {
            return new IPEndPoint(configured.Address, configured.Port == 0 ? Port : configured.Port);
        }

        var address = NetworkInterface.GetAllNetworkInterfaces().Where(i => i.OperationalStatus == OperationalStatus.Up).SelectMany(i => i.GetIPProperties().DnsAddresses).FirstOrDefault()
            ?? throw new IOException("No DNS server is configured.");
        return new IPEndPoint(address, Port);
    }
}
