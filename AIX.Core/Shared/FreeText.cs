namespace AIX.Core.Shared;

/// <summary>Text that people write, several lines long. Kept as it is but for control characters; HTML and formulas are text and nothing else, and whoever shows or exports it escapes it.</summary>
public static class FreeText
{
    /// <summary>Characters of a note.</summary>
    public const int MaxLength = 10_000;

    /// <returns>Null for nothing but blanks.</returns>
    public static string? Clean(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var kept = string.Concat(text.ReplaceLineEndings("\n").Where(c => c is '\n' or '\t' || !char.IsControl(c))).Trim();
        return kept.Length == 0 ? null : kept;
    }

    /// <summary>Null when the text is short enough.</summary>
    public static Error? Check(string? text, string field, int most = MaxLength) =>
        text is { } given && given.Length > most ? new Error(ErrorKind.TooLarge, "text-too-long", $"The text has {given.Length:N0} characters; at most {most:N0} are kept. Shorten it.", field) : null;
}
