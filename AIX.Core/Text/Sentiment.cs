using System.Collections.Frozen;

namespace AIX.Core.Text;

/// <summary>
/// How a text about a company sounds to somebody who would sell to it: Σ polarity(w)·IDF(w) / |D|, equations (19)–(20), with lexicons of this domain in English and Hindi, in both scripts.
/// A negation turns the next words around.
/// </summary>
/// <param name="rarity">Inverse document frequency of a word, above 0; null for that of <see cref="WordRarity"/>.</param>
public sealed class Sentiment(Func<string, double>? rarity = null)
{
    /// <summary>Words after a negation that it turns around (before it, in Hindi).</summary>
    private const int Reach = 2;

    private static readonly FrozenDictionary<string, double> Polarities = Lexicon().ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Negations = "not no never without nor cannot didnt doesnt wont isnt नहीं न बिना nahi nahin bina mat".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Hindi says "not" after what it denies.</summary>
    private static readonly FrozenSet<string> NegationsAfter = "नहीं nahi nahin mat".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>In about [−1, 1]; 0 for a text that says nothing either way.</summary>
    public double Of(string text) => Of(Tokenizer.Words(text));

    public double Of(IReadOnlyList<string> words)
    {
        var sum = 0.0;
        for (var i = 0; i < words.Count; i++)
        {
            if (Polarities.TryGetValue(words[i], out var polarity))
            {
                sum += (IsNegated(words, i) ? -polarity : polarity) * (rarity?.Invoke(words[i]) ?? WordRarity.Of(words[i]));
            }
        }

        return words.Count == 0 ? 0 : sum / words.Count;
    }

    private static bool IsNegated(IReadOnlyList<string> words, int at)
    {
        for (var k = Math.Max(0, at - Reach); k < at; k++)
        {
            if (Negations.Contains(words[k]) && !NegationsAfter.Contains(words[k]))
            {
                return true;
            }
        }

        for (var k = at + 1; k <= Math.Min(words.Count - 1, at + Reach); k++)
        {
            if (NegationsAfter.Contains(words[k]))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<KeyValuePair<string, double>> Lexicon()
    {
        (double Polarity, string Words)[] groups =
        [
            (1, "record soars soared surges surged profit profitable profits award awarded wins win won breakthrough raises raised funding unicorn oversubscribed best excellent outstanding thriving"),
            (0.7, "growth grows grew growing expands expanded expansion launch launches launched hiring hires hired partnership partners acquires acquired invests invested investment opens opened upgrade upgraded strong " +
                "increase increased rises rose gain gains success successful innovative leading approval approved boost boosts improves improved interested happy pleased great good helpful recommend trust"),
            (0.4, "new plans plan agrees agreed signs signed joins joined appoints appointed selected expects stable steady positive keen like useful easy fast"),
            (-1, "fraud scam bankruptcy bankrupt insolvency insolvent liquidation default defaults collapse collapsed arrested raid raided lawsuit scandal worst terrible fake cheated unsubscribe spam"),
            (-0.7, "loss losses layoff layoffs fires fired cuts cut slump slumps falls fell decline declines declined drops dropped shutdown shuts shut closes closed closure sued fine fined penalty breach breached probe " +
                "investigation recall strike protest debt downgrade downgraded resigns resigned angry bad poor broken slow expensive complaint complaints problem problems delay delayed cancel cancelled refuse refused rude"),
            (-0.4, "weak concern concerns concerned warns warned warning risk risks uncertain uncertainty pressure struggles struggling busy later difficult confusing costly against"),
            (1, "मुनाफा मुनाफ़ा लाभ पुरस्कार जीत जीता रिकॉर्ड सर्वश्रेष्ठ शानदार बेहतरीन निवेश munafa labh puraskar jeet shandar behtareen badhiya"),
            (0.7, "वृद्धि विस्तार बढ़ा बढ़ी बढ़त लॉन्च भर्ती साझेदारी सफल सफलता अच्छा अच्छी पसंद खुश रुचि मंजूरी तेजी tarakki vistaar safal safalta accha acchi achha achhi pasand khush interest faida fayda"),
            (0.4, "नया नई योजना समझौता नियुक्त सकारात्मक आसान naya nayi yojana samjhauta aasan theek thik"),
            (-1, "धोखाधड़ी धोखा घोटाला दिवालिया गिरफ्तार छापा मुकदमा बेकार dhokha ghotala diwaliya bekar bakwas"),
            (-0.7, "घाटा नुकसान छंटनी गिरावट बंद जुर्माना हड़ताल कर्ज इस्तीफा शिकायत खराब महंगा देरी परेशान समस्या ghata nuksan nuksaan chhantni giravat band karz shikayat kharab mehenga mahanga deri pareshan samasya mana"),
            (-0.4, "कमजोर चिंता चेतावनी जोखिम मुश्किल व्यस्त kamzor chinta jokhim mushkil vyast"),
        ];
        return groups.SelectMany(g => g.Words.Split(' ').Select(w => (Word: string.Join(' ', Tokenizer.Words(w)), g.Polarity))).DistinctBy(w => w.Word).Select(w => KeyValuePair.Create(w.Word, w.Polarity));
    }
}
