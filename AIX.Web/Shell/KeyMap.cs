using AIX.Core.Tenancy;
using AIX.Core.Users;
using Microsoft.JSInterop;

namespace AIX.Web.Shell;

/// <summary>An act that has a key.</summary>
/// <param name="Default">Keys by their place on the keyboard (<c>KeyboardEvent.code</c>), so that they work with a Hindi layout; a blank parts two keys that follow each other.</param>
public sealed record KeyAction(string Name, string Group, string Default);

/// <summary>Which key does what, for the person at this circuit.</summary>
public sealed class KeyMap(IPeople people, ICurrentTenant current, CurrentUser user)
{
    public static readonly IReadOnlyList<KeyAction> Actions =
    [
        new("approve", "decide", "KeyA"), new("override", "decide", "KeyO"), new("hot", "decide", "Digit1"), new("warm", "decide", "Digit2"), new("cold", "decide", "Digit3"), new("flag", "decide", "KeyF"), new("skip", "decide", "KeyS"),
        new("escalate", "decide", "Shift+KeyE"), new("discard", "decide", "KeyD"), new("undo", "decide", "KeyZ"), new("submit", "decide", "Enter"), new("submitText", "decide", "Ctrl+Enter"),
        new("next", "move", "KeyJ"), new("previous", "move", "KeyK"), new("evidence", "move", "KeyE"), new("note", "move", "KeyN"), new("call", "move", "KeyC"), new("task", "move", "KeyT"), new("sendReview", "move", "KeyR"),
        new("select", "move", "KeyX"), new("selectRange", "move", "Shift+KeyX"), new("bulk", "move", "KeyB"),
        new("palette", "anywhere", "Ctrl+KeyK"), new("search", "anywhere", "Slash"), new("goHome", "anywhere", "KeyG KeyH"), new("goLeads", "anywhere", "KeyG KeyL"), new("goQueue", "anywhere", "KeyG KeyQ"),
        new("goCampaigns", "anywhere", "KeyG KeyC"), new("goAnalytics", "anywhere", "KeyG KeyA"), new("sheet", "anywhere", "Shift+Slash"), new("close", "anywhere", "Escape"),
    ];

    private Dictionary<string, string> _keys = Actions.ToDictionary(a => a.Name, a => a.Default);

    public string Of(string action) => _keys.GetValueOrDefault(action, "");

    /// <summary>The keys as they are printed on a keyboard: <c>Ctrl</c>, <c>K</c>.</summary>
    public IReadOnlyList<string> Caps(string action) => [.. Of(action).Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(CapsOf)];

    /// <summary>Reads what the person changed, before anything is drawn.</summary>
    public async Task LoadAsync()
    {
        if (current.Id is { } tenant)
        {
            Use((await people.PreferencesAsync(tenant, user.Id, CancellationToken.None)).Keys);
        }
    }

    /// <summary>Tells the browser.</summary>
    public ValueTask TellAsync(IJSRuntime js) => js.InvokeVoidAsync("aixKeys.use", _keys);

    /// <summary>Gives an action another key.</summary>
    /// <returns>The action that has the key already, in the same place; null when it is free and was taken.</returns>
    public async Task<string?> SetAsync(string action, string key, IJSRuntime js)
    {
        if (_keys.FirstOrDefault(k => k.Key != action && k.Value == key).Key is { } taken)
        {
            return taken;
        }

        _keys[action] = key;
        await SaveAsync(js);
        return null;
    }

    public async Task ResetAsync(IJSRuntime js)
    {
        Use(new Dictionary<string, string>());
        await SaveAsync(js);
    }

    private void Use(IReadOnlyDictionary<string, string> changed) => _keys = Actions.ToDictionary(a => a.Name, a => changed.GetValueOrDefault(a.Name, a.Default));

    private async Task SaveAsync(IJSRuntime js)
    {
        var preferences = await people.PreferencesAsync(current.Id!.Value, user.Id, CancellationToken.None);
        var changed = Actions.Where(a => _keys[a.Name] != a.Default).ToDictionary(a => a.Name, a => _keys[a.Name]);
        await people.SaveAsync(current.Id!.Value, user.Id, preferences with { Keys = changed }, CancellationToken.None);
        await js.InvokeVoidAsync("aixKeys.use", _keys);
    }

    private static IEnumerable<string> CapsOf(string key)
    {
        var parts = key.Split('+');
        if (key == "Shift+Slash")
        {
            return ["?"];
        }

        return parts.Select(p => p switch
        {
            "Slash" => "/",
            "Enter" => "↵",
            "Escape" => "Esc",
            "Shift" => "⇧",
            _ when p.StartsWith("Key", StringComparison.Ordinal) => p[3..],
            _ when p.StartsWith("Digit", StringComparison.Ordinal) => p[5..],
            _ => p,
        });
    }
}
