using AIX.Core.Auditing;
using AIX.Core.Users;
using AIX.Web.Composition;
using AIX.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.SignIn;

/// <summary>Sign-in as a plain form post, so that it works before any circuit. Five failures lock the account for ten minutes.</summary>
public sealed partial class SignInPage(SignInManager<User> signIn, IAuditLog audit, NavigationManager navigation, IStringLocalizer<Texts> texts) : ComponentBase
{
    private string? _error;

    [SupplyParameterFromForm(FormName = "signin")]
    private SignInInput? Input { get; set; }

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    [CascadingParameter]
    private HttpContext Http { get; set; } = default!;

    private async Task SubmitAsync()
    {
        var user = await signIn.UserManager.FindByNameAsync(Input?.Email?.Trim() ?? "");
        var wasLocked = user is not null && await signIn.UserManager.IsLockedOutAsync(user);
        var result = await signIn.PasswordSignInAsync(Input?.Email?.Trim() ?? "", Input?.Password ?? "", isPersistent: true, lockoutOnFailure: true);

        // What comes while the account is locked is not written down each time: nobody fills the log from outside.
        if (user is not null && !wasLocked)
        {
            var actor = (result.Succeeded ? Actor.User(user.Id) : Actor.Nobody) with { From = WhereFrom.Of(Http) };
            await audit.AppendAsync(user.TenantId, actor, result.Succeeded ? "account.signed-in" : result.IsLockedOut ? "account.locked" : "account.refused", new { user = user.Id }, CancellationToken.None);
        }

        if (result.Succeeded)
        {
            navigation.NavigateTo(IsLocal(ReturnUrl) ? ReturnUrl! : "/home", forceLoad: true);
            return;
        }

        _error = result.IsLockedOut ? texts["signin.locked"] : texts["signin.wrong"];
    }

    private static bool IsLocal(string? url) => url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.StartsWith("/\\", StringComparison.Ordinal) && !url.StartsWith("/signin", StringComparison.Ordinal);

    public sealed class SignInInput
    {
        public string? Email { get; set; }

        public string? Password { get; set; }
    }
}
