using System.Text.RegularExpressions;
using AIX.Core.Conversations.Intents;

namespace AIX.Core.Conversations;

/// <summary>What rules decide before any model is asked.</summary>
public enum RuleVerdict
{
    None,

    /// <summary>Never call again.</summary>
    OptOut,

    /// <summary>A person, not a machine.</summary>
    Human,

    /// <summary>The callee is, or may be, under age.</summary>
    Minor,

    /// <summary>The call must not be recorded.</summary>
    NoRecording,
}

/// <summary>
/// Words that decide a call, in English, Hindi in Devanagari and Hindi in Latin letters: checked before every other step, because no model may talk a person out of them. "Don't call now" and "don't stop" are no opt-out;
/// where a sentence could be either, it is one.
/// </summary>
public static partial class CallRules
{
    public static RuleVerdict Check(string text)
    {
        // Two signs that are one letter to the ear: nukta and chandrabindu are often left out.
        var clean = NGrams.Clean(text).Replace("\u093C", "", StringComparison.Ordinal).Replace('\u0901', '\u0902');
        return clean switch
        {
            _ when IsOptOut(clean) => RuleVerdict.OptOut,
            _ when NoRecordingWords().IsMatch(clean) => RuleVerdict.NoRecording,
            _ when MinorWords().IsMatch(clean) => RuleVerdict.Minor,
            _ when HumanWords().IsMatch(clean) && !NoHuman().IsMatch(clean) => RuleVerdict.Human,
            _ => RuleVerdict.None,
        };
    }

    private static bool IsOptOut(string text) =>
        Always().IsMatch(text)
        || (Never().IsMatch(text) && (ForGood().IsMatch(text) || !ForNow().IsMatch(text)))
        || (Stop().IsMatch(text) && !DoNotStop().IsMatch(text))
        || (Remove().IsMatch(text) && !DoNotRemove().IsMatch(text));

    /// <summary>Said in no other sense.</summary>
    [GeneratedRegex(
        @"\b((no|not) (any )?more (\w+ )?(phone )?calls|leave (me|us) alone|do not call list|(put|add|register) (me|us|my number|this number) (on|to|in|under) .{0,12}(dnd|dnc|do not call)|i am (on|under|in|registered (on|in|with|under)) (the )?dnd|(block|blacklist) (my|this|our) number|(lose|forget|erase|scrub) (my|our|this) (number|contact|phone|details)" +
        @"|(dont|do not|never) (want|like|wish|need) (any|to|your|these|such|more|further)?\s?(more |get |receive |be |have )?(more |further |marketing |sales |your )?(calls?|called|phoned|contacted)( |$)(?!back|later|now)" +
        @"|(calls?|phone) nahi+n? (chahiye|chahie|chaiye|aana chahiye)|dnd (me|mein|list|laga|par|pe)|do not call list|number (bhool|mita|kaat)" +
        @")|(कॉल|कॉल्स|फोन|फोन कॉल) नहीं (चाहिए|आना चाहिए|आनी चाहिए)|(डीएनडी|डू नॉट कॉल)|(नंबर|नम्बर) (मिटा|भूल|काट)|^(do not call|dont call|stop|unsubscribe)$", RegexOptions.CultureInvariant)]
    private static partial Regex Always();

    [GeneratedRegex(
        @"\b(dont|do not|never|not to|dont ever|donot|please not)\b( \w+)? ?(call|calling|phone|ring|contact|dial|disturb)\b|\b(never|not) (be )?(called|contacted|phoned) (again|anymore)|\b(call|calls|phone|fon|contact|disturb)( karna)? (mat|na|nahi|nahin) (karo|karna|karen|kare|kijiye|kijie|kariye|karein|kiya kar\w*|kiya kijiye|karte|lagana|lagao|milana)\b|\b(mat|na) (call|phone|contact) (karo|karna|kijiye|kare)\b|\b(call|phone) (nahi|nahin) (karna|karoge|karenge|hona)\b" +
        @"|(कॉल|फोन|संपर्क|परेशान)( करना)? (मत|न|ना|नहीं) (करो|करना|करें|कीजिए|कीजिये|करिए|किया|करते|लगाना|लगाओ|मिलाना)|(मत|न) (कॉल|फोन) (करो|करना|कीजिए)", RegexOptions.CultureInvariant)]
    private static partial Regex Never();

    /// <summary>Only not at this time.</summary>
    [GeneratedRegex(
        @"\b(my (boss|office|manager)|ke (time|samay|waqt)|the office|now|right now|today|tonight|tomorrow|before|until|till|at night|at this time|this late|so late|so early|in the (morning|afternoon|evening)|on (sunday|saturday|monday|weekends?)|during|while|after|but (call|ring)|call (me )?(later|back|tomorrow|after)|when|on this number use|abhi|aaj|kal|subah|shaam|raat|dopahar|is (waqt|samay|time)|itni|baje|lunch|office time|se pehle|me call karo|baad me(in)? (call|phone)|itwar|ravivar|meeting)\b|अभी|आज|कल|सुबह|शाम|रात|दोपहर|इस (वक्त|समय)|बजे|से पहले|बाद में (कॉल|फोन)|रविवार|मीटिंग", RegexOptions.CultureInvariant)]
    private static partial Regex ForNow();

    [GeneratedRegex(@"\b(again|anymore|any more|ever|never|forever|aaj ke baad|aage se|ab se|dobara|dubara|kabhi|aainda|phir se|fir se|phir|fir|hamesha|baar baar|roz roz)\b|आज के बाद|आगे से|अब से|दोबारा|दुबारा|कभी|आइंदा|फिर|हमेशा|बार बार|रोज रोज", RegexOptions.CultureInvariant)]
    private static partial Regex ForGood();

    [GeneratedRegex(
        @"\b(stop|quit|cease|end) (all |these |the |your |with |making |sending |this |phone )*(calls?|calling|phoning|ringing|contacting|dialling|dialing|bothering|disturbing|harassing)\b|\b(unsubscribe|opt(ed|ing)? ?(me |us )?out)\b|\b((call|calls|phone|fon|ye calls?|ye phone)( karna| aana)?|bas karo ye (call|phone)s?) (band|bandh|bund) (karo|kardo|kar do|kijiye|kare|karen|kar dijiye|karwao)\b|\b(band|bandh) (karo|kijiye|kar do) (ye |yeh )?(calls?|phone|call karna)\b|\bbas karo (ye )?(call|phone)" +
        @"|((कॉल|कॉल्स|फोन|ये कॉल)( करना| आना)? बंद (करो|कर दो|कीजिए|करें|कर दीजिए))|बंद (करो|कीजिए|कर दो) (ये )?(कॉल|फोन)|बस करो (ये )?(कॉल|फोन)|अनसब्सक्राइब|ऑप्ट आउट", RegexOptions.CultureInvariant)]
    private static partial Regex Stop();

    [GeneratedRegex(@"\b(dont|do not|never|please dont|no need to|not) (want to |wish to )?(stop|quit|unsubscribe|opt|end)\b|\b(band|bandh) mat\b|\b(mat|na) (band|bandh|unsubscribe)|बंद मत|मत बंद|\b(how|why|what|if|when|can|did) .{0,24}(unsubscribe|opt ?out) (from|of) (salary|newsletters?|email)", RegexOptions.CultureInvariant)]
    private static partial Regex DoNotStop();

    [GeneratedRegex(
        @"\b(remove|delete|erase|drop|strike|exclude) (out )?(all )?(me|us|my (number|name|contact|phone|details|data)|our (number|name|details)|this number|number)\b|\b(remove|delete) (it|that|everything) (from|off) (your|the) (list|database|system)|\b(be|get) (taken off|(removed|deleted|dropped) (from|off|out))|\bbe (removed|taken off|deleted)$|\b(take|cross|strike|get|keep) (me|us|my (name|number)|our (name|number)|this number) (off|out|from)\b|\b(number|naam|mujhe|mujhko|hume|humein|contact)( \w+){0,4} (hata|hatao|hatado|hataiye|nikaal|nikal|nikaalo|nikalo|delete|remove|mita|kaat)\b( (do|dijiye|kar|karo|kijiye|kare|na))*" +
        @"|(नंबर|नम्बर|नाम|मुझे|हमें|संपर्क)( \S+){0,4} (हटा|हटाओ|हटाइए|निकाल|निकालो|निकालिए|डिलीट|रिमूव|मिटा|काट)", RegexOptions.CultureInvariant)]
    private static partial Regex Remove();

    [GeneratedRegex(@"\b(dont|do not|never|no need to|not) (want to )?(remove|delete|take|drop|erase|be removed)\b|\b(mat|na|nahi) (hatao|hatana|hata|nikaalo|nikalo|delete|remove|karo|karna)\b|\b(hatana|delete|remove)( karna)? (mat|nahi)|मत (हटाओ|हटाना|निकालो|निकालना|डिलीट|करो|करना)|(हटाना|डिलीट करना) (मत|नहीं)|\b(cart|order|invoice|discount|item|meeting|appointment|calendar|duplicate|purana number|old number|extra)\b|पुराना नंबर|ऑर्डर|मीटिंग", RegexOptions.CultureInvariant)]
    private static partial Regex DoNotRemove();

    [GeneratedRegex(
        @"\b(talk|speak|connect|transfer|put|hand|pass|get|give|want|need|prefer|bring|have|let|chat)\b.{0,40}\b(human|real person|a person|live agent|an agent|human agent|your manager|the manager|a manager|your supervisor|your boss|someone real|somebody real|an executive|your executive|a representative|your team|your colleague|an operator)\b|\b(human|agent|operator|representative|supervisor|manager|customer care|executive) please\b|\b(insaan|insan|human|aadmi|vyakti|manager|agent|executive|senior|customer care|adhikari)( \w+){0,3} (se|ko|ka)? ?(baat|connect|milao|milaiye|jodo|transfer|bulao|bulaiye|phone do|line par|line pe)|\b(robot|machine|computer|bot) se (baat )?nahi|\b(insaan|human|agent) chahiye\b" +
        @"|(इंसान|मनुष्य|आदमी|व्यक्ति|मैनेजर|एजेंट|एग्जीक्यूटिव|सीनियर|अधिकारी|कस्टमर केयर)( \S+){0,3} (से|को) (बात|कनेक्ट|मिलाओ|मिलाइए|जोड़ो|जोडो|ट्रांसफर|बुलाओ|फोन दो|लाइन पर|दो)|(रोबोट|मशीन|कंप्यूटर) से (बात )?नहीं|(इंसान|एजेंट) चाहिए", RegexOptions.CultureInvariant)]
    private static partial Regex HumanWords();

    [GeneratedRegex(@"\b(dont|do not) (want|need) to (talk|speak) to (your|a|the) (manager|agent|supervisor|executive)|\b(my|our|mera|mere|hamare) (manager|boss|senior)\b|(मेरे|हमारे|अपने आप) (मैनेजर|सीनियर)", RegexOptions.CultureInvariant)]
    private static partial Regex NoHuman();

    [GeneratedRegex(
        @"\b(i am|im|i m) (only |just |still )?(a )?(child|kid|minor|schoolboy|schoolgirl)\b|\b(i am|im) (only |just )?([5-9]|1[0-7]|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)( years?( old)?| only)?$|\b(i am|im) (only |just )?(five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|0+) years old|\b(i am|im) (under|below|not yet) (eighteen|0+)|\b(mummy|papa|mom|dad|mammi)( is| are)? (not (at )?home|ghar (pe|par) nahi)|\bmain (abhi |to )*(chhota )?(bachcha|bacha|bachchi)\b|\b(das|gyarah|barah|terah|chaudah|pandrah|solah|nau|aath) saal (ka|ki) (hoon|hu)\b|\bmeri umar (das|gyarah|barah|terah|chaudah|pandrah|solah|0+) saal" +
        @"|मैं (अभी |तो |एक )*(छोटा )?(बच्चा|बच्ची) हूं|(दस|ग्यारह|बारह|तेरह|चौदह|पंद्रह|सोलह|नौ|आठ) साल (का|की) हूं|मेरी (उम्र|आयु) (दस|ग्यारह|बारह|तेरह|चौदह|पंद्रह|सोलह) साल|(मम्मी|पापा|मां) घर पर नहीं", RegexOptions.CultureInvariant)]
    private static partial Regex MinorWords();

    [GeneratedRegex(
        @"\b(dont|do not|no|without|stop|not|off|refuse|disable|against)\b.{0,18}\b(record|recording|recorded|recorder|taped?)\b|\b(recording|recorder) off\b|\b(turn|switch) (that|the|it)? ?(recorder|recording)? ?off.{0,5}(record)?|\b(delete|erase|remove) (the|my|this|that|whatever you)? ?(record\w*)|\b(record|recording|recorder)( \w+)? (mat|na|nahi|band|off|delete|hata|mita)\b|\bbina (record|recording)|\b(recording|record) .{0,10}(ijazat|permission|manzoor|pasand) (nahi|nahin)" +
        @"|(रिकॉर्ड|रिकॉर्डिंग|रिकॉर्डर|टेप)( \S+)? (मत|न|नहीं|बंद|डिलीट|हटाओ|हटा|मिटा)|बिना (रिकॉर्ड|रिकॉर्डिंग)|(रिकॉर्डिंग|रिकॉर्ड) .{0,12}(इजाजत|अनुमति|मंजूर) नहीं", RegexOptions.CultureInvariant)]
    private static partial Regex NoRecordingWords();
}
