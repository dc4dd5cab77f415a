using System.Collections.Frozen;

namespace AIX.Core.Text;

/// <summary>
/// Inverse document frequency of words in texts about firms and people at work, in four steps, from 0.1 for what stands in every text to 1 for what is rare: a table that is shipped, so that vectors
/// made at any time are comparable. Where texts are at hand (features of a model), theirs is learned instead.
/// </summary>
internal static class WordRarity
{
    private const double Everywhere = 0.1;

    private static readonly FrozenDictionary<string, double> Table = new (double Rarity, string Words)[]
    {
        (0.3, "company companies business services service solutions solution india indian limited private ltd pvt customer customers client clients team work works working new best all more most other about contact source lead email phone yes website " +
            "कंपनी सेवा सेवाएँ ग्राहक काम नया भारत company kaam naya"),
        (0.6, "product products quality provide provides provider leading global world technology technologies management manager head senior executive officer director industry industries market marketing sales support experience offer offers online digital data " +
            "system systems software people year years based high help helping professional development project projects group international office city state activity visited opened last notable page google search direct referral program course select unemployed " +
            "उत्पाद प्रबंधक उद्योग बाजार बिक्री अनुभव वर्ष"),
    }.SelectMany(t => t.Words.Split(' ').Select(w => KeyValuePair.Create(string.Join(' ', Tokenizer.Words(w)), t.Rarity))).DistinctBy(t => t.Key).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Above 0, at most 1.</summary>
    public static double Of(string word) => StopWords.Contains(word) ? Everywhere : Table.GetValueOrDefault(word, 1);
}
