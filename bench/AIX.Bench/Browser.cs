using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace AIX.Bench;

/// <summary>Debian's Chromium, driven by Playwright.</summary>
internal static class Browser
{
    public static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });

    public static async Task SignInAsync(IPage page, Uri url, string email)
    {
        await page.GotoAsync(new Uri(url, "/signin").ToString());
        await page.FillAsync("#email", email);
        await page.FillAsync("#password", "Demo-2026!");
        await page.ClickAsync("form button");

        // Signed in once the answer has come; what the home page still loads is nobody's business here. A wait for the URL would miss a change between its look and its listening.
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/home"), new() { Timeout = 30_000 });
        await page.GotoAsync(new Uri(url, "/leads").ToString());
        await page.WaitForSelectorAsync("h1");
    }
}
