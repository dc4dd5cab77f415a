using AIX.Core.Auditing;
using AIX.Core.Compliance;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Campaigns;

/// <summary>What became of an audience file.</summary>
/// <param name="Added">Leads that were not named before.</param>
/// <param name="Unknown">Rows whose address belongs to no lead; they have to be imported first.</param>
public sealed record AudienceTaken(int Rows, int Added, int Unknown, IReadOnlyList<FileRefusal> Errors);

/// <summary>Names leads of a campaign, one by one or by file: a CSV with a column <c>phone</c>, <c>email</c> or <c>lead_id</c>. Leads are found, not made; the gate looks at each before anything rings.</summary>
public sealed class TakeAudience(ICampaignStore store, IAudience audience, ITenantStore tenants, IUnitOfWorkFactory works, IAuditLog audit)
{
    public const int MaxBytes = 50_000_000;
    public const int MaxRows = 500_000;

    private const int Chunk = 2_000;
    private const int KeptErrors = 50;

    private static readonly string[] Phones = ["phone", "number", "mobile", "telephone", "phonenumber", "address"];
    private static readonly string[] Emails = ["email", "mail"];
    private static readonly string[] Ids = ["leadid", "id"];

    /// <summary>Adds leads to a draft or to a campaign that is not over.</summary>
    /// <returns>How many were not named before.</returns>
    public async Task<Result<int>> AddAsync(TenantId tenant, Actor actor, Guid campaign, IReadOnlyCollection<Guid> leads, CancellationToken ct)
    {
        var added = 0;
        if (await NameAsync(tenant, actor, campaign, async work => added = await store.PickAsync(work, campaign, leads, ct), ct) is { } wrong)
        {
            return wrong;
        }

        await audit.AppendAsync(tenant, actor, "campaign.leads-added", new { id = campaign, added }, ct);
        return added;
    }

    /// <param name="content">The file as it came, UTF-8 or UTF-16.</param>
    public async Task<Result<AudienceTaken>> ExecuteAsync(TenantId tenant, Actor actor, Guid campaign, byte[] content, CancellationToken ct)
    {
        if (content.Length > MaxBytes)
        {
            return new Error(ErrorKind.TooLarge, "file-too-large", $"The file is larger than {MaxBytes / 1_000_000} MB; split it.", "file");
        }

        var opened = CsvStream.Open(content);
        if (!opened.IsOk)
        {
            return opened.Error;
        }

        using var rows = opened.Value;
        var header = rows.Header.Select(h => string.Concat(h.Where(char.IsLetterOrDigit)).ToLowerInvariant()).ToList();
        var (phone, email, id) = (header.FindIndex(Phones.Contains), header.FindIndex(Emails.Contains), header.FindIndex(Ids.Contains));
        if (phone < 0 && email < 0 && id < 0)
        {
            return new Error(ErrorKind.Invalid, "wrong-columns", $"The file has no column phone, email or lead_id; it has {string.Join(", ", rows.Header.Take(12).Select(h => h.Length > 40 ? h[..40] : h))}.", "file");
        }

        using var index = new ContactKeys((await tenants.GetAsync(tenant, ct)).BlindIndexKey);
        var (count, added, unknown, errors, waiting) = (0, 0, 0, new List<FileRefusal>(), new List<Named>());
        while (rows.Next() is { } row)
        {
            if (++count > MaxRows)
            {
                return new Error(ErrorKind.TooLarge, "too-many-rows", $"An audience file has {MaxRows:N0} rows at most; those before are in. Send the rest in another file.", "file");
            }

            string Cell(int at) => at >= 0 && at < row.Cells.Count ? row.Cells[at].Trim() : "";
            if (row.Problem is null && Read(Cell(id), Cell(phone), Cell(email), index) is { } named)
            {
                waiting.Add(named);
            }
            else if (errors.Count < KeptErrors)
            {
                errors.Add(new FileRefusal(row.Record, "", row.Problem ?? "No id, phone number or e-mail address that can be read."));
            }

            if (waiting.Count == Chunk && await FlushAsync() is { } wrong)
            {
                return wrong;
            }
        }

        if (await FlushAsync() is { } last)
        {
            return last;
        }

        await audit.AppendAsync(tenant, actor, "campaign.leads-added", new { id = campaign, rows = count, added, unknown }, ct);
        return new AudienceTaken(count, added, unknown, errors);

        async Task<Error?> FlushAsync()
        {
            var (found, fresh) = (0, 0);
            if (await NameAsync(
                tenant, actor, campaign,
                async work =>
                {
                    (found, fresh) = await store.PickAsync(work, campaign, [.. waiting.Where(n => n.Id is not null).Select(n => n.Id!.Value)], [.. waiting.Where(n => n.Key is not null).Select(n => n.Key!.Value)], ct);
                    return fresh;
                },
                ct) is { } wrong)
            {
                return added == 0 ? wrong : wrong with { Message = $"{wrong.Message} The first {added:N0} leads of the file are in." };
            }

            (added, unknown) = (added + fresh, unknown + Math.Max(0, waiting.Count - found));
            waiting.Clear();
            return null;
        }
    }

    private async Task<Error?> NameAsync(TenantId tenant, Actor actor, Guid id, Func<IUnitOfWork, Task<int>> pick, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        if (await audience.NameAsync(work, id, actor, () => pick(work), ct) is { } wrong)
        {
            return wrong;
        }

        await work.CommitAsync(ct);
        return null;
    }

    /// <summary>A lead by its id, or by what it is reached at.</summary>
    private sealed record Named(Guid? Id, Guid? Key);

    private static Named? Read(string id, string phone, string email, ContactKeys index) => (id, TakeComplianceFile.AddressOf(phone), TakeComplianceFile.AddressOf(email)) switch
    {
        _ when Guid.TryParse(id, out var lead) => new Named(lead, null),
        (_, { } number, _) when number[0] == '+' => new Named(null, index.OfPhone(number)),
        (_, _, { } mail) when mail.Contains('@', StringComparison.Ordinal) => new Named(null, index.OfEmail(mail)),
        _ => null,
    };
}
