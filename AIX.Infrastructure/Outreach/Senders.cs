using System.Net;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using AIX.Core.Compliance;
using AIX.Core.Insights;
using AIX.Core.Outreach;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Calls.Twilio;
using Microsoft.AspNetCore.DataProtection;

namespace AIX.Infrastructure.Outreach;

/// <summary>The client in the framework: it speaks what is needed here, and no other is to be had from the package feed.</summary>
internal static class Smtp
{
    private const int TimeoutMs = 20_000;

    public static string? NotReady(MailOptions options) => options.Host.Length == 0 || options.From.Length == 0 ? "No mail server is set up: an admin sets Mail:Host and Mail:From." : null;

    public static SmtpClient Client(MailOptions options) => new(options.Host, options.Port) { EnableSsl = options.Tls, Timeout = TimeoutMs, Credentials = options.User.Length > 0 ? new NetworkCredential(options.User, options.Password) : null };
}

/// <summary>Reports as attachments; their readers are people of the organisation, who do not see each other's addresses.</summary>
internal sealed class SmtpReports(MailOptions options) : IReportMail
{
    private const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public string? NotReady => Smtp.NotReady(options);

    public async Task<string?> SendAsync(IReadOnlyList<string> to, string subject, string body, string fileName, byte[] content, CancellationToken ct)
    {
        using var client = Smtp.Client(options);
        using var mail = new MailMessage { From = new MailAddress(options.From), Subject = subject, SubjectEncoding = Encoding.UTF8, Body = body, BodyEncoding = Encoding.UTF8 };
        foreach (var reader in to)
        {
            mail.Bcc.Add(reader);
        }

        using var file = new MemoryStream(content);
        using var attachment = new Attachment(file, fileName, Workbook);
        mail.Attachments.Add(attachment);
        try
        {
            await client.SendMailAsync(mail, ct);
            return null;
        }
        catch (SmtpException ex)
        {
            return $"The mail server answered {ex.StatusCode}.";
        }
    }
}

/// <summary>Mail over SMTP, with the headers that let a mail program unsubscribe in one click (RFC 2369, RFC 8058).</summary>
internal sealed class SmtpSender(MailOptions options) : IMessageSender
{
    public ContactChannel Channel => ContactChannel.Email;

    public string? NotReady => Smtp.NotReady(options);

    public async Task<SendResult> SendAsync(OutreachMessage message, string unsubscribe, CancellationToken ct)
    {
        using var client = Smtp.Client(options);
        using var mail = new MailMessage(options.From, message.Address) { Subject = message.Subject, SubjectEncoding = Encoding.UTF8, Body = message.Body, BodyEncoding = Encoding.UTF8 };
        mail.Headers.Add("List-Unsubscribe", $"<{unsubscribe}>");
        mail.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        mail.Headers.Add("Message-ID", $"<{message.Id:N}@{options.From[(options.From.IndexOf('@', StringComparison.Ordinal) + 1)..]}>");
        try
        {
            await client.SendMailAsync(mail, ct);
            return new SendResult(true, null, null);
        }
        catch (SmtpException ex)
        {
            // Temporary by the server's own word (4xx), or it was never reached: try again. Everything else is final.
            return new SendResult(false, null, $"The mail server answered {ex.StatusCode}.", (int)ex.StatusCode is >= 400 and < 500 || ex.StatusCode == SmtpStatusCode.GeneralFailure);
        }
    }
}

/// <summary>SMS through the first route's account.</summary>
internal sealed class TwilioSms(TwilioTelephony telephony) : IMessageSender
{
    public ContactChannel Channel => ContactChannel.Sms;

    public string? NotReady => telephony.Routes.Count == 0 ? "No telephone route is set up." : null;

    /// <summary>People in India see the header that is registered on the DLT platform; a number in its place would be written over on the way.</summary>
    public Task<SendResult> SendAsync(OutreachMessage message, string unsubscribe, CancellationToken ct) =>
        telephony.SendSmsAsync(telephony.Routes[0], message is { DltHeader.Length: > 0 } && message.Address.StartsWith("+91", StringComparison.Ordinal) ? message.DltHeader : telephony.Routes[0].CallerId, message.Address, message.Body, ct);
}

/// <summary>Links that anybody who has the message may follow: signed, without an end.</summary>
internal sealed class UnsubscribeLinks(IDataProtectionProvider protection, IPublicAddress address) : IUnsubscribeLinks
{
    private readonly IDataProtector _protector = protection.CreateProtector("AIX.Unsubscribe.v1");

    public string Of(TenantId tenant, string to) => $"{address.Base}/u/{_protector.Protect($"{tenant.Value:N}{to}")}";

    public (TenantId Tenant, string Address)? Read(string token)
    {
        try
        {
            return token.Length < 2_000 && _protector.Unprotect(token) is { Length: > 32 } text ? (new TenantId(Guid.ParseExact(text[..32], "N")), text[32..]) : null;
        }
        catch (Exception ex) when (ex is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
