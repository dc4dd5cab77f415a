using System.Collections.Frozen;
using System.Text;

namespace AIX.Core.Text;

public enum TextLanguage
{
    Unknown,
    English,
    Hindi,

    /// <summary>Hindi in Latin letters.</summary>
    RomanisedHindi,

    /// <summary>Written in a script, or in Latin words, of neither.</summary>
    Other,
}

/// <summary>Tells English, Hindi and romanised Hindi apart: by script, and in Latin letters by the small words of which every sentence has some.</summary>
public static class LanguageId
{
    private static readonly FrozenSet<string> English =
        ("the of and to in is are was were be been for on with at by from this that these those it its you your we our they their he she him her have has had do does did not can could will would should may might must " +
         "please what when where how who which there here about more some any all if so as an or but than then also just need want would like am i'm im my me us call send know price").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Romanised =
        ("hai hain tha thi ho hoga hogi raha rahe rahi kar karo karna karke karte karta karti kiya kya kyun kyu kyon kaise kab kahan kaun kitna kitne kitni mujhe mera meri mere hum humko hume hamara hamari hamare aap aapka aapki aapke " +
         "tum tumhara ye yeh woh vo wo ka ki ke ko se mein main nahi nahin nai haan ji aur ya par lekin magar agar to toh bhi hi sirf bahut bohot accha acha achha theek thik abhi baad pehle kal aaj phir fir wala wale wali chahiye " +
         "chahte chahta milega batao bataiye bata dijiye kijiye lijiye samajh paisa paise rupaye namaste dhanyavad shukriya kuch koi sab liye saath bhai bolo bol raho jaldi ek do teen hu hoon rahega sakte sakta sakti dena lena gaya gayi").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Words that both languages write alike ("to", "is", "hi") decide nothing.</summary>
    private static readonly FrozenSet<string> Both = English.Intersect(Romanised, StringComparer.Ordinal).ToFrozenSet(StringComparer.Ordinal);

    public static TextLanguage Of(string text)
    {
        var (latin, devanagari, other) = (0, 0, 0);
        foreach (var rune in (text.Length > 10_000 ? text[..10_000] : text).EnumerateRunes())
        {
            // Vowel signs count: a letter of Devanagari with its signs says what two of Latin say.
            if (rune.Value is >= 0x900 and < 0x980)
            {
                devanagari++;
            }
            else if (Rune.IsLetter(rune))
            {
                _ = rune.Value < 0x250 ? latin++ : other++;
            }
        }

        if (latin + devanagari + other == 0)
        {
            return TextLanguage.Unknown;
        }

        // Hindi sentences carry English words in Latin letters; a third of Devanagari is Hindi.
        return other > latin + devanagari ? TextLanguage.Other : devanagari * 2 >= latin ? TextLanguage.Hindi : Latin(Tokenizer.Words(text));
    }

    private static TextLanguage Latin(IReadOnlyList<string> words)
    {
        var english = words.Count(w => English.Contains(w) && !Both.Contains(w));
        var hindi = words.Count(w => Romanised.Contains(w) && !Both.Contains(w));
        if (english == 0 && hindi == 0)
        {
            // A name or a few nouns: English is what forms are filled in with, a longer text without one small word of it is not.
            return words.Count > 8 ? TextLanguage.Other : TextLanguage.English;
        }

        return hindi > english ? TextLanguage.RomanisedHindi : TextLanguage.English;
    }
}
