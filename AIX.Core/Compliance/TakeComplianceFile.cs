using System.Globalization;
using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Compliance;

/// <summary>A refused row.</summary>
public sealed record FileRefusal(int Row, string Column, string Reason);

/// <summary>What became of a file.</summary>
public sealed record FileTaken(Guid Batch, int Rows, int Refused, IReadOnlyList<FileRefusal> Errors);

/// <summary>
/// Takes in files that the law asks for: <c>scrub</c> (an operator's result: number, result, optionally categories, modes, bands, days), <c>register</c> (an export of the preference register: Phone Numbers, Preferences, Opstype),
/// <c>consent</c> (address, channel, purpose, basis, action, date, evidence, optionally category, expires) and <c>suppression</c> (address, reason). Rows that cannot be read are refused one by one; nothing else of the file is lost.
/// </summary>
public sealed class TakeComplianceFile(IComplianceStore store, IUnitOfWorkFactory works, IAuditLog audit, TimeProvider time)
{
    public const int MaxRows = 2_000_000;
    public const int MaxBytes = 200_000_000;

    private const int Chunk = 5_000;
    private const int KeptErrors = 200;

    private static readonly Dictionary<string, string[]> Needed = new()
    {
        ["scrub"] = ["number", "result"],
        ["register"] = ["phonenumbers", "preferences", "opstype"],
        ["consent"] = ["address", "channel", "purpose", "basis", "action", "date", "evidence"],
        ["suppression"] = ["address"],
    };

    public static IReadOnlyCollection<string> Kinds => Needed.Keys;

    /// <param name="asOf">When the operator scrubbed, or the register was exported; needed for both.</param>
    /// <param name="progress">Rows so far.</param>
    public async Task<Result<FileTaken>> ExecuteAsync(TenantId tenant, Actor actor, string kind, string fileName, byte[] content, DateTimeOffset? asOf, CancellationToken ct, IProgress<int>? progress = null)
    {
        var now = time.GetUtcNow();
        if (!Needed.TryGetValue(kind, out var needed))
        {
            return new Error(ErrorKind.Invalid, "unknown-kind", $"The kind is one of {string.Join(", ", Needed.Keys)}.", "kind");
        }

        if (kind is "scrub" or "register" && (asOf is null || asOf > now.AddMinutes(5) || asOf < now.AddYears(-1)))
        {
            return new Error(ErrorKind.Invalid, "invalid-date", "Say when the register was asked: a date of the past year, not in the future.", "asOf");
        }

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
        var columns = rows.Header.Select((name, i) => (Name: Plain(name), i)).DistinctBy(c => c.Name).ToDictionary(c => c.Name, c => c.i);
        if (needed.Where(n => !columns.ContainsKey(n)).ToList() is [_, ..] missing)
        {
            return new Error(ErrorKind.Invalid, "wrong-columns", $"The file lacks {string.Join(", ", missing)}; it has {string.Join(", ", rows.Header.Take(12).Select(h => h.Length > 40 ? h[..40] : h))}. A {kind} file needs {string.Join(", ", needed)}.", "file");
        }

        var batch = Guid.CreateVersion7(now);
        var (count, refused, errors) = (0, 0, new List<FileRefusal>());
        var waiting = new List<object>();
        while (rows.Next() is { } row)
        {
            if (++count > MaxRows)
            {
                return new Error(ErrorKind.TooLarge, "too-many-rows", $"A file has {MaxRows:N0} rows at most. Those before are kept; send the rest in another file.", "file");
            }

            string Cell(string name) => columns.TryGetValue(name, out var i) && i < row.Cells.Count ? row.Cells[i].Trim() : "";
            var read = row.Problem is { } broken ? new Error(ErrorKind.Invalid, "bad-row", broken) : Read(kind, Cell, tenant, batch, asOf ?? now, now);
            if (read.Error is { } wrong)
            {
                refused++;
                if (errors.Count < KeptErrors)
                {
                    errors.Add(new FileRefusal(row.Record, wrong.Field ?? "", wrong.Message));
                }
            }
            else
            {
                waiting.Add(read.Value!);
            }

            if (waiting.Count == Chunk)
            {
                await SaveAsync(tenant, waiting, ct);
                progress?.Report(count);
            }
        }

        await SaveAsync(tenant, waiting, ct);
        await using (var work = await works.BeginAsync(tenant, ct))
        {
            await store.AddBatchAsync(work, new ComplianceBatch { TenantId = tenant, Id = batch, Kind = kind, FileName = fileName.Length > 200 ? fileName[..200] : fileName, AsOf = asOf, Rows = count, Refused = refused, Errors = JsonSerializer.Serialize(errors, RulePack.Json), UserId = actor.Kind == "user" ? actor.Id : null, At = now }, ct);
            work.Raise(new ComplianceChanged(tenant));
            await work.CommitAsync(ct);
        }

        await audit.AppendAsync(tenant, actor, "compliance.file", new { batch, kind, rows = count, refused, asOf }, ct);
        return new FileTaken(batch, count, refused, errors);
    }

    private async Task SaveAsync(TenantId tenant, List<object> waiting, CancellationToken ct)
    {
        if (waiting.Count == 0)
        {
            return;
        }

        await using var work = await works.BeginAsync(tenant, ct);
        await store.AddConsentsAsync(work, [.. waiting.OfType<ConsentEvent>()], ct);
        await store.SavePreferencesAsync(work, [.. waiting.OfType<DndPreference>()], ct);
        await store.SuppressAsync(work, [.. waiting.OfType<Suppression>()], ct);
        await work.CommitAsync(ct);
        waiting.Clear();
    }

    private static Result<object> Read(string kind, Func<string, string> cell, TenantId tenant, Guid batch, DateTimeOffset asOf, DateTimeOffset now) => kind switch
    {
        "scrub" => Scrub(cell, tenant, batch, asOf),
        "register" => Register(cell, tenant, batch, asOf),
        "consent" => ConsentOf(cell, tenant, batch, now),
        _ => AddressOf(cell("address")) is { } address
            ? new Suppression { TenantId = tenant, Number = address, Reason = cell("reason") is { Length: > 0 and <= 40 } reason ? reason : "file", At = now }
            : Bad("address", cell("address")),
    };

    private static Result<object> Scrub(Func<string, string> cell, TenantId tenant, Guid batch, DateTimeOffset asOf)
    {
        if (AddressOf(cell("number")) is not { } number || number.Contains('@', StringComparison.Ordinal))
        {
            return Bad("number", cell("number"));
        }

        var allowed = cell("result").ToLowerInvariant() switch { "allowed" or "allow" or "pass" or "y" or "yes" or "0" => true, "blocked" or "block" or "dnd" or "fail" or "n" or "no" or "1" => false, _ => (bool?)null };
        if (allowed is null)
        {
            return new Error(ErrorKind.Invalid, "bad-row", $"“{Cut(cell("result"))}” is no result; use allowed or blocked.", "result");
        }

        // A part that is not told stands for all of it: what is blocked without saying when is blocked always.
        int Mask(string name, int count) => cell(name) is { Length: > 0 } list
            ? list.Split('#', ';', '|', ' ').Select(p => int.TryParse(p, CultureInfo.InvariantCulture, out var n) && n >= 1 && n <= count ? 1 << (n - 1) : 0).Aggregate(0, (a, b) => a | b) is > 0 and var mask ? mask : Preference.All
            : Preference.All;
        return new DndPreference { TenantId = tenant, Number = number, ScrubbedAt = asOf, Categories = allowed.Value ? 0 : Mask("categories", 8), Modes = Mask("modes", 5), Bands = Mask("bands", 9), Days = Mask("days", 8), BatchId = batch };
    }

    /// <summary>Sources read a list of preferences in two ways, as what is wanted and as what is not; whoever is in the register is therefore not called at all without explicit consent.</summary>
    private static Result<object> Register(Func<string, string> cell, TenantId tenant, Guid batch, DateTimeOffset asOf)
    {
        if (AddressOf(cell("phonenumbers")) is not { } number || number.Contains('@', StringComparison.Ordinal))
        {
            return Bad("phonenumbers", cell("phonenumbers"));
        }

        return cell("opstype").ToUpperInvariant() switch
        {
            "A" => new DndPreference { TenantId = tenant, Number = number, ScrubbedAt = asOf, Categories = Preference.All, Modes = Preference.All, Bands = Preference.All, Days = Preference.All, BatchId = batch },
            "D" => new DndPreference { TenantId = tenant, Number = number, ScrubbedAt = asOf, Categories = 0, Modes = Preference.All, Bands = Preference.All, Days = Preference.All, BatchId = batch },
            _ => new Error(ErrorKind.Invalid, "bad-row", $"“{Cut(cell("opstype"))}” is neither A (activated) nor D (deactivated).", "opstype"),
        };
    }

    private static Result<object> ConsentOf(Func<string, string> cell, TenantId tenant, Guid batch, DateTimeOffset now)
    {
        if (AddressOf(cell("address")) is not { } address)
        {
            return Bad("address", cell("address"));
        }

        if (!Enum.TryParse<ContactChannel>(cell("channel"), true, out var channel) || !Enum.IsDefined(channel))
        {
            return new Error(ErrorKind.Invalid, "bad-row", $"“{Cut(cell("channel"))}” is no channel; use voice, sms or email.", "channel");
        }

        if (!Enum.TryParse<MessageClass>(cell("purpose"), true, out var purpose) || !Enum.IsDefined(purpose))
        {
            return new Error(ErrorKind.Invalid, "bad-row", $"“{Cut(cell("purpose"))}” is no purpose; use promotional, service or transactional.", "purpose");
        }

        if (cell("basis").ToLowerInvariant() is not ("explicit" or "inferred") || cell("action").ToLowerInvariant() is not ("given" or "withdrawn"))
        {
            return new Error(ErrorKind.Invalid, "bad-row", "The basis is explicit or inferred, the action given or withdrawn.", "basis");
        }

        if (!DateTimeOffset.TryParse(cell("date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) || at > now.AddMinutes(5))
        {
            return new Error(ErrorKind.Invalid, "bad-row", $"“{Cut(cell("date"))}” is no date of the past; write 2026-11-23 or 2026-11-23T10:00:00+05:30.", "date");
        }

        if (cell("evidence").Length is 0 or > 500)
        {
            return new Error(ErrorKind.Invalid, "bad-row", "Say in 1 to 500 characters where the proof of the consent is.", "evidence");
        }

        DateTimeOffset? expires = null;
        if (cell("expires") is { Length: > 0 } end)
        {
            if (!DateTimeOffset.TryParse(end, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until))
            {
                return new Error(ErrorKind.Invalid, "bad-row", $"“{Cut(end)}” is no date.", "expires");
            }

            expires = until.ToUniversalTime();
        }

        short? category = null;
        if (cell("category") is { Length: > 0 } said)
        {
            if (!short.TryParse(said, CultureInfo.InvariantCulture, out var n) || n is < 1 or > 8)
            {
                return new Error(ErrorKind.Invalid, "bad-row", $"“{Cut(said)}” is no category; they are 1 to 8.", "category");
            }

            category = n;
        }

        return new ConsentEvent { TenantId = tenant, Id = Guid.CreateVersion7(now), Address = address, Channel = channel, Purpose = purpose, Explicit = cell("basis").Equals("explicit", StringComparison.OrdinalIgnoreCase), Category = category, Given = cell("action").Equals("given", StringComparison.OrdinalIgnoreCase), At = at.ToUniversalTime(), ExpiresAt = expires, Evidence = cell("evidence"), BatchId = batch };
    }

    /// <returns>E.164, or a lower-case e-mail address; null for neither. Ten digits are read as Indian.</returns>
    public static string? AddressOf(string text)
    {
        text = text.Trim();
        if (text.Contains('@', StringComparison.Ordinal))
        {
            return text.Length <= 254 && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1 && !text.Any(char.IsWhiteSpace) ? text.ToLowerInvariant() : null;
        }

        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        if (text.Any(c => !char.IsAsciiDigit(c) && !"+-() .".Contains(c, StringComparison.Ordinal)) || digits.Length is < 8 or > 15)
        {
            return null;
        }

        return text.StartsWith('+') ? "+" + digits : digits.Length == 10 ? "+91" + digits : digits.Length == 12 && digits.StartsWith("91", StringComparison.Ordinal) ? "+" + digits : null;
    }

    private static Error Bad(string column, string value) => new(ErrorKind.Invalid, "bad-row", $"“{Cut(value)}” is no phone number with country code and no e-mail address.", column);

    private static string Plain(string name) => string.Concat(name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit));

    private static string Cut(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
