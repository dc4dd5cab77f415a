using AIX.Core.Shared;

namespace AIX.Web.Shell;

/// <summary>A word at the bottom right, for eight seconds.</summary>
/// <param name="Action">Caption of the button; null for none.</param>
public sealed record Toast(Guid Id, string Icon, string Title, string? Text, string? Action, Func<Task>? Act, DateTimeOffset Until);

/// <summary>Toasts of this circuit.</summary>
public sealed class Toasts(TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(8);

    private readonly List<Toast> _shown = [];

    public event Action? Changed;

    public IReadOnlyList<Toast> Shown => _shown;

    public void Show(string title, string? text = null, string icon = "check", string? action = null, Func<Task>? act = null)
    {
        var now = time.GetUtcNow();
        _shown.Add(new Toast(Guid.CreateVersion7(now), icon, title, text, action, act, now + Lifetime));
        if (_shown.Count > 4)
        {
            _shown.RemoveAt(0);
        }

        Changed?.Invoke();
    }

    public void Error(string message) => Show(message, icon: "warn");

    /// <summary>Says why an act was refused; silent when it was not.</summary>
    public void Tell(Error? error)
    {
        if (error is not null)
        {
            Error(error.Message);
        }
    }

    public void Close(Guid id)
    {
        if (_shown.RemoveAll(t => t.Id == id) > 0)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>Takes away what has been there long enough.</summary>
    /// <param name="but">The one that the pointer is on.</param>
    public void Sweep(Guid? but)
    {
        if (_shown.RemoveAll(t => t.Until <= time.GetUtcNow() && t.Id != but) > 0)
        {
            Changed?.Invoke();
        }
    }
}
