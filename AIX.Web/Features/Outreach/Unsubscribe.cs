using System.Net;
using AIX.Core.Compliance;
using AIX.Core.Outreach;
using AIX.Core.Tenancy;

namespace AIX.Web.Features.Outreach;

/// <summary>The way out of every e-mail: a page with one button, because programs that look at links must not unsubscribe anybody; and the one-click post of RFC 8058.</summary>
internal static class Unsubscribe
{
    private const string Style =
        "body{font:16px/24px var(--font-sans);color:var(--text);background:var(--bg-app);margin:0;padding:12vh 20px}main{max-width:440px;margin:auto;padding:28px 32px;background:var(--bg);border:1px solid var(--border);border-radius:var(--r-lg)}" +
        "h1{font-size:20px;line-height:28px;margin:0 0 8px}p{margin:0 0 12px;color:var(--text-2);overflow-wrap:anywhere}button{font:inherit;font-weight:500;min-height:40px;padding:8px 16px;border:0;border-radius:var(--r-md);background:var(--accent);color:var(--on-accent);cursor:pointer}" +
        "button:hover{background:var(--accent-hover)}button:focus-visible{outline:none;box-shadow:var(--focus-ring)}form{margin:20px 0 0}";

    public static async Task<IResult> ShowAsync(IUnsubscribeLinks links, ITenantStore tenants, string token, CancellationToken ct)
    {
        if (links.Read(token) is not { } link)
        {
            return Unknown();
        }

        var (name, address) = (WebUtility.HtmlEncode((await tenants.GetAsync(link.Tenant, ct)).Name), WebUtility.HtmlEncode(link.Address));
        return Page(
            $"""
            <h1>No more messages?</h1>
            <p>{name} will not write to {address} again, and will not call you either.</p>
            <p lang="hi">{name} की ओर से {address} पर आगे न कोई संदेश आएगा, न आपको कोई कॉल।</p>
            <form method="post"><button>Unsubscribe · <span lang="hi">सदस्यता समाप्त करें</span></button></form>
            """);
    }

    public static async Task<IResult> EndAsync(IUnsubscribeLinks links, ManageCompliance manage, string token, CancellationToken ct)
    {
        if (links.Read(token) is not { } link)
        {
            return Unknown();
        }

        await manage.OptOutAsync(link.Tenant, link.Address, "unsubscribed", ct);
        return Page("""<h1>Done.</h1><p>You will get no more messages and no more calls.</p><p lang="hi">अब न कोई संदेश आएगा, न कोई कॉल।</p>""");
    }

    /// <summary>Mail programs break links; whoever comes with half of one learns that nothing was changed.</summary>
    private static IResult Unknown() => Page(
        """<h1>This link is not complete</h1><p>Nothing was changed. Open it again from the message itself.</p><p lang="hi">यह लिंक पूरा नहीं है; कुछ भी बदला नहीं गया। संदेश से ही इसे फिर खोलें।</p>""", StatusCodes.Status404NotFound);

    private static IResult Page(string body, int status = StatusCodes.Status200OK) => Results.Content(
        $"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>Unsubscribe</title><link rel="stylesheet" href="/css/tokens.css"><style>{Style}</style></head><body><main>{body}</main></body></html>""",
        "text/html; charset=utf-8", statusCode: status);
}
