using System.Net;
using AIX.Core.Compliance;
using AIX.Core.Outreach;
using AIX.Core.Tenancy;

namespace AIX.Web.Features.Outreach;

/// <summary>The way out of every e-mail: a page with one button, because programs that look at links must not unsubscribe anybody; and the one-click post of RFC 8058.</summary>
internal static class Unsubscribe
{
    public static async Task<IResult> ShowAsync(IUnsubscribeLinks links, ITenantStore tenants, string token, CancellationToken ct) => links.Read(token) is { } link
        ? Page($"<h1>No more messages?</h1><p>{WebUtility.HtmlEncode((await tenants.GetAsync(link.Tenant, ct)).Name)} will not write to {WebUtility.HtmlEncode(link.Address)} again, and will not call you either. <span lang=\"hi\">आगे न कोई संदेश मिलेगा, न कोई कॉल।</span></p><form method=\"post\"><button>Unsubscribe · <span lang=\"hi\">सदस्यता समाप्त करें</span></button></form>")
        : Results.NotFound();

    public static async Task<IResult> EndAsync(IUnsubscribeLinks links, ManageCompliance manage, string token, CancellationToken ct)
    {
        if (links.Read(token) is not { } link)
        {
            return Results.NotFound();
        }

        await manage.OptOutAsync(link.Tenant, link.Address, "unsubscribed", ct);
        return Page("<h1>Done.</h1><p>You will get no more messages and no more calls. <span lang=\"hi\">अब न कोई संदेश आएगा, न कोई कॉल।</span></p>");
    }

    private static IResult Page(string body) => Results.Content(
        $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\"><title>Unsubscribe</title><link rel=\"stylesheet\" href=\"/css/tokens.css\"><style>body{{font:16px/24px system-ui;max-width:480px;margin:12vh auto;padding:0 20px}}button{{font:inherit;padding:8px 16px}}</style></head><body>{body}</body></html>",
        "text/html; charset=utf-8");
}
