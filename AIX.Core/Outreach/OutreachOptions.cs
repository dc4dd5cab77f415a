using System.ComponentModel.DataAnnotations;

namespace AIX.Core.Outreach;

/// <summary>The mail server that messages leave through.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>Host of the SMTP server; empty sends no mail.</summary>
    public string Host { get; init; } = "";

    [Range(1, 65_535)]
    public int Port { get; init; } = 587;

    public string User { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>STARTTLS is asked for; off for a server on this machine alone.</summary>
    public bool Tls { get; init; } = true;

    /// <summary>Sender's address.</summary>
    public string From { get; init; } = "";
}
