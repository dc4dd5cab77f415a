namespace AIX.Core.Leads.Intake;

/// <summary>The host that stands for a company: the e-mail's full host unless it is free mail, else the website's.</summary>
internal static class CompanyHost
{
    private static readonly HashSet<string> FreeMail = new(StringComparer.Ordinal)
    {
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.in", "yahoo.in", "yahoo.co.uk", "ymail.com", "rocketmail.com", "hotmail.com", "hotmail.co.uk",
        "outlook.com", "outlook.in", "live.com", "live.in", "msn.com", "rediffmail.com", "rediff.com", "icloud.com", "me.com", "mac.com", "aol.com",
        "protonmail.com", "proton.me", "pm.me", "zohomail.com", "zohomail.in", "gmx.com", "gmx.de", "gmx.net", "web.de", "mail.com", "mail.ru",
        "yandex.com", "yandex.ru", "qq.com", "163.com", "126.com", "naver.com", "in.com", "indiatimes.com", "sify.com", "vsnl.com", "vsnl.net",
        "bsnl.in", "dataone.in", "tutanota.com", "fastmail.com", "hey.com", "mailinator.com", "freemail.hu", "orange.fr", "free.fr", "t-online.de",
    };

    public static bool IsFreeMail(string host) => FreeMail.Contains(host);

    public static string? OfEmail(string? email)
    {
        if (email is null)
        {
            return null;
        }

        var host = email[(email.LastIndexOf('@') + 1)..];
        return IsFreeMail(host) ? null : host;
    }

    /// <summary>Host of a website given as URL or bare domain, without <c>www.</c>; null when it is none.</summary>
    public static string? OfWebsite(string? website)
    {
        if (TextNormalizer.Clean(website) is not { } text)
        {
            return null;
        }

        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var host = scheme >= 0 ? text[(scheme + 3)..] : text;
        var end = host.AsSpan().IndexOfAny("/?#:");
        host = end >= 0 ? host[..end] : host;
        host = host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? host[4..] : host;
        return EmailNormalizer.Host(host) is { } valid && !IsFreeMail(valid) ? valid : null;
    }
}
