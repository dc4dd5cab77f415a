using System.Security.Claims;
using AIX.Core.Auditing;
using AIX.Core.Review;
using AIX.Core.Users;
using Claims = AIX.Web.Api.Claims;

namespace AIX.Web.Shell;

/// <summary>Who sits at this circuit.</summary>
public sealed class CurrentUser
{
    private ClaimsPrincipal _user = new();

    public Guid Id { get; private set; }

    public string Name => _user.FindFirstValue(ClaimTypes.GivenName) ?? _user.Identity?.Name ?? "";

    public Role Role { get; private set; }

    public Actor Actor => Claims.ActorOf(_user);

    public Reviewer Reviewer => new(Id, May(Permission.ReviewManage));

    public bool May(string permission) => Claims.May(_user, permission);

    public void Set(ClaimsPrincipal user)
    {
        _user = user;
        Id = Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : default;
        Role = Enum.TryParse<Role>(user.FindFirstValue(Claims.Role), out var role) ? role : Role.Agent;
    }
}
