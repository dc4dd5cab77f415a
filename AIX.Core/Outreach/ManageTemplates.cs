using System.Text.Json;
using System.Text.RegularExpressions;
using AIX.Core.Auditing;
using AIX.Core.Compliance;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Outreach;

/// <summary>What managers do with texts that are sent.</summary>
public sealed partial class ManageTemplates(IOutreachStore store, IUnitOfWorkFactory works, IAuditLog audit)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private const int MaxSms = 480;
    private const int MaxMail = 10_000;

    /// <summary>The first thing that keeps the template from being sent; null for none.</summary>
    public static Error? Check(MessageTemplate template)
    {
        var text = JsonSerializer.Deserialize<TemplateText>(template.Text, Json)!;
        var most = template.Channel == ContactChannel.Sms ? MaxSms : MaxMail;
        foreach (var (language, subject, body) in new[] { ("En", text.SubjectEn, text.BodyEn), ("Hi", text.SubjectHi, text.BodyHi) })
        {
            if (body.Trim().Length == 0 || body.Length > most)
            {
                return Wrong("body" + language, $"The text has 1 to {most:N0} characters in each language; in {(language == "Hi" ? "Hindi" : "English")} it has {body.Length:N0}.");
            }

            if (template.Channel == ContactChannel.Email && subject.Trim().Length is 0 or > 200 && template.Channel == ContactChannel.Email)
            {
                return Wrong("subject" + language, "An e-mail needs a subject of 1 to 200 characters in each language.");
            }

            if (Merge.UnknownIn(subject + body) is [var unknown, ..])
            {
                return Wrong("body" + language, $"There is no variable {{{unknown}}}; there are {string.Join(", ", Merge.Variables.Select(v => $"{{{v}}}"))}.");
            }

            if (template is { Channel: ContactChannel.Email, Class: MessageClass.Promotional } && !body.Contains("{unsubscribe}", StringComparison.Ordinal))
            {
                return Wrong("body" + language, "A promotional e-mail has to offer a way out: put {unsubscribe} into the text.");
            }
        }

        return template switch
        {
            _ when template.Name.Trim().Length is 0 or > 80 => Wrong("name", "The name has 1 to 80 characters."),
            { Channel: ContactChannel.Voice } => Wrong("channel", "A template is an SMS or an e-mail."),
            { Channel: ContactChannel.Sms } when !Dlt().IsMatch(template.DltTemplateId) => Wrong("dltTemplateId", "Indian SMS need the template's id on the DLT platform: 12 to 20 digits."),
            { Channel: ContactChannel.Sms } when !Header().IsMatch(template.DltHeader) => Wrong("dltHeader", "The DLT header has six letters."),
            { DelayMinutes: < 0 or > 10_080 } => Wrong("delayMinutes", "The delay is 0 to 10,080 minutes."),
            _ => null,
        };
    }

    public async Task<Result<Guid>> SaveAsync(TenantId tenant, Actor actor, MessageTemplate template, CancellationToken ct)
    {
        if (Check(template) is { } wrong)
        {
            return wrong;
        }

        await using var work = await works.BeginAsync(tenant, ct);
        await store.SaveAsync(work, template, ct);
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "template.saved", new { template.Id, channel = template.Channel.ToString() }, ct);
        return template.Id;
    }

    public async Task RemoveAsync(TenantId tenant, Actor actor, Guid id, CancellationToken ct)
    {
        await using var work = await works.BeginAsync(tenant, ct);
        await store.RemoveAsync(work, id, ct);
        await work.CommitAsync(ct);
        await audit.AppendAsync(tenant, actor, "template.removed", new { id }, ct);
    }

    private static Error Wrong(string field, string message) => new(ErrorKind.Invalid, "invalid-template", message, field);

    [GeneratedRegex(@"^\d{12,20}\z")]
    private static partial Regex Dlt();

    [GeneratedRegex(@"^[A-Za-z]{6}\z")]
    private static partial Regex Header();
}
