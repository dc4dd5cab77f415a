using System.Globalization;
using System.Text;

namespace AIX.Infrastructure.Calls.Twilio;

/// <summary>Writes TwiML, character by character as Twilio's own library does; texts and attributes are escaped, whatever they hold.</summary>
internal sealed class TwimlWriter
{
    /// <summary>Characters that one Say may hold.</summary>
    public const int MaxSay = 4_096;

    private readonly StringBuilder _xml = new("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>");
    private readonly Stack<string> _open = new();

    public TwimlWriter Say(string text, string? voice = null, string? language = null) => Element("Say", text.Length > MaxSay ? text[..MaxSay] : text, ("voice", voice), ("language", language));

    public TwimlWriter Pause(int seconds) => Element("Pause", null, ("length", Number(seconds)));

    public TwimlWriter Redirect(string url) => Element("Redirect", url, ("method", "POST"));

    public TwimlWriter Hangup() => Element("Hangup", null);

    public TwimlWriter Reject(string reason) => Element("Reject", null, ("reason", reason));

    public TwimlWriter Element(string name, string? text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Begin(name, attributes);
        if (string.IsNullOrEmpty(text))
        {
            _xml.Length--;
            _xml.Append("/>");
            _open.Pop();
            return this;
        }

        _xml.Append(Escape(text, false));
        return End();
    }

    public TwimlWriter Begin(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _xml.Append('<').Append(name);
        foreach (var (key, value) in attributes)
        {
            if (value is not null)
            {
                _xml.Append(' ').Append(key).Append("=\"").Append(Escape(value, true)).Append('"');
            }
        }

        _xml.Append('>');
        _open.Push(name);
        return this;
    }

    public TwimlWriter End()
    {
        _xml.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    public override string ToString()
    {
        while (_open.Count > 0)
        {
            End();
        }

        return _xml.Append("</Response>").ToString();
    }

    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Escape(string text, bool attribute)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' when attribute => escaped.Append("&quot;"),

                // Not allowed in XML at all.
                < ' ' when c is not ('\t' or '\n' or '\r') => escaped,
                '\uFFFE' or '\uFFFF' => escaped,
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
