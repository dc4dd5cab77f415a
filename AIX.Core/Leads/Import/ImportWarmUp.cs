using System.Text;
using AIX.Core.Leads.Intake;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads.Import;

/// <summary>Reads a small invented file in memory some times over, so that the code which an import runs a million times is optimised before the first one comes. Stores nothing.</summary>
internal static class ImportWarmUp
{
    private const int Rows = 500;
    private const int Rounds = 12;

    public static async Task RunAsync(TimeProvider time, CancellationToken ct)
    {
        var tenant = new Tenant(new TenantId(Guid.Empty), "", "", new byte[32], default);
        var file = Sample();
        var mapping = ImportPreviewer.Preview(file, null, new IntakeOptions(), true, 50).Value!.Suggested;
        for (var round = 0; round < Rounds && !ct.IsCancellationRequested; round++)
        {
            Read(file, mapping, tenant, time.GetUtcNow());

            // The runtime optimises in pauses.
            await Task.Delay(TimeSpan.FromMilliseconds(120), time, ct);
        }
    }

    private static void Read(byte[] file, ImportMapping mapping, Tenant tenant, DateTimeOffset now)
    {
        using var csv = new CsvReader(new StreamReader(new MemoryStream(file)), mapping.Format.Delimiter, 100_000);
        using var reader = new RowReader(mapping, tenant, false);
        var drafts = new List<LeadDraft>(Rows);
        csv.Read();
        while (csv.Read())
        {
            if (reader.Read(csv, csv.Record).Draft is { } draft)
            {
                drafts.Add(draft);
            }
        }

        IntakeResolver.Resolve(drafts, [], CollisionRules.Default, null, now);
        IntakeKeys.Of(drafts);
    }

    private static byte[] Sample()
    {
        var text = new StringBuilder("Name,E-mail,Phone,Company,Website,Title,City,Country,Employees,Visits,Note,Flag,Seen on\n");
        for (var i = 0; i < Rows; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"Asha Example,a{i}@c{i % 50}.example.com,+91 98{i:D3}{i:D3}{i % 100:D2},\"C {i % 50}, Ltd\",www.c{i % 50}.example.com,Head of HR,Nashik,India,{i},{i % 9},some words,{(i % 2 == 0 ? "Yes" : "No")},{i % 28 + 1:D2}/11/2026\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
