using System.Globalization;
using System.Text;

namespace AIX.Core.Text;

/// <summary>
/// Words of texts in Latin and Devanagari script: compatibility-normalised (NFKC), lower-case, with the marks that belong to a Devanagari letter. Digits are words of their own; a phone number or
/// an e-mail address falls apart, which is wanted here.
/// </summary>
public static class Tokenizer
{
    /// <summary>Longer runs without a break are no words, but ids and noise.</summary>
    private const int MaxWord = 40;

    private const int MaxText = 100_000;

    public static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        void End()
        {
            if (word.Length is > 0 and <= MaxWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
        }

        foreach (var rune in Normal(text).EnumerateRunes())
        {
            var isDigit = Rune.IsDigit(rune);
            if (Rune.IsLetter(rune) || (word.Length > 0 && IsMark(rune)))
            {
                if (word.Length > 0 && char.IsDigit(word[^1]))
                {
                    End();
                }

                Append(word, rune);
            }
            else if (isDigit)
            {
                if (word.Length > 0 && !char.IsDigit(word[^1]))
                {
                    End();
                }

                Append(word, rune);
            }
            else if (rune.Value is '\'' or '’' && word.Length > 0)
            {
                // "don't" is one word, however the apostrophe was typed.
                continue;
            }
            else
            {
                End();
            }
        }

        End();
        return words;
    }

    private static void Append(StringBuilder word, Rune rune)
    {
        // One character beyond the limit marks the run as too long.
        if (word.Length <= MaxWord)
        {
            word.Append(Rune.ToLowerInvariant(rune).ToString());
        }
    }

    /// <summary>Vowel signs, virama, nukta; the joiners between letters of one word.</summary>
    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark || rune.Value is 0x200C or 0x200D;

    private static string Normal(string text)
    {
        var cut = text.Length <= MaxText ? text : text[..MaxText];
        try
        {
            return cut.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair: what is left of it is a replacement character.
            return new string([.. cut.Select(c => char.IsSurrogate(c) ? ' ' : c)]).Normalize(NormalizationForm.FormKC);
        }
    }
}
