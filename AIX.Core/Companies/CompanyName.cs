using System.Text;

namespace AIX.Core.Companies;

/// <summary>Company names as keys: "M/s. Lotus Castings Pvt. Ltd." and "LOTUS CASTINGS PRIVATE LIMITED" are one.</summary>
public static class CompanyName
{
    private static readonly HashSet<string> Forms = new(
        "pvt private ltd limited llp inc incorporated corp corporation co company plc gmbh ag bv nv sa sas srl pty opc llc lp india प्रा लि प्राइवेट लिमिटेड".Split(' '), StringComparer.Ordinal);

    /// <summary>Words without legal form and punctuation, in order; null when nothing is left.</summary>
    public static string? Key(string? name)
    {
        if (name is null)
        {
            return null;
        }

        var text = name.Length > 300 ? name[..300] : name;
        text = text.Replace("M/s", "", StringComparison.OrdinalIgnoreCase).Replace("&", " and ", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
        var words = Text.Tokenizer.Words(text).ToList();

        // Forms at the end only: "Company of Artists Pvt Ltd" keeps its first word.
        while (words.Count > 1 && Forms.Contains(words[^1]))
        {
            words.RemoveAt(words.Count - 1);
        }

        return words.Count == 0 ? null : new StringBuilder().AppendJoin(' ', words).ToString();
    }
}
