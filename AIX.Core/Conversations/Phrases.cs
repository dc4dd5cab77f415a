namespace AIX.Core.Conversations;

/// <summary>A sentence that holds in every flow.</summary>
internal sealed record Phrase(string English, string Hindi)
{
    public string In(string language) => language == "hi" ? Hindi : English;
}

/// <summary>What the assistant says of itself, whatever the flow.</summary>
internal static class Phrases
{
    public static readonly Phrase OptedOut = new("I have taken your number off our list. You will not be called again. Thank you, and goodbye.", "मैंने आपका नंबर हमारी सूची से हटा दिया है। आपको दोबारा कॉल नहीं की जाएगी। धन्यवाद, नमस्ते।");
    public static readonly Phrase Minor = new("Thank you. I will end the call here. Goodbye.", "धन्यवाद। मैं कॉल यहीं समाप्त करती हूँ। नमस्ते।");
    public static readonly Phrase HandOver = new("Of course. I am connecting you to a colleague now; please hold.", "ज़रूर। मैं आपको अभी एक सहकर्मी से जोड़ रही हूँ; कृपया लाइन पर रहें।");
    public static readonly Phrase NotRecorded = new("Understood. The recording has been stopped and will be deleted.", "ठीक है। रिकॉर्डिंग बंद कर दी गई है और मिटा दी जाएगी।");
    public static readonly Phrase WrongNumber = new("I am sorry for the disturbance; I have the wrong number. Goodbye.", "असुविधा के लिए क्षमा करें; मेरे पास गलत नंबर है। नमस्ते।");
    public static readonly Phrase NotInterested = new("No problem at all. Thank you for your time, and goodbye.", "कोई बात नहीं। आपके समय के लिए धन्यवाद, नमस्ते।");
    public static readonly Phrase Goodbye = new("Thank you for your time. Goodbye.", "आपके समय के लिए धन्यवाद। नमस्ते।");
    public static readonly Phrase Sorry = new("I am sorry that this call disturbed you. I will end it here. To never be called again, press 9 or say so. Goodbye.", "क्षमा करें कि इस कॉल से आपको परेशानी हुई। मैं इसे यहीं समाप्त करती हूँ। नमस्ते।");
    public static readonly Phrase HasVendor = new("I see, you have something in place already.", "अच्छा, आपके पास पहले से व्यवस्था है।");
    public static readonly Phrase IsRobot = new("Yes, I am an AI assistant calling for {company}. You can ask for a person at any time.", "हाँ, मैं {company} की ओर से एक एआई सहायक हूँ। आप कभी भी किसी व्यक्ति से बात करने को कह सकते हैं।");
    public static readonly Phrase Company = new("I am {agent}, an AI assistant, and I am calling for {company} about {purpose}.", "मैं {agent} हूँ, एक एआई सहायक, और {company} की ओर से {purpose} के बारे में कॉल कर रही हूँ।");
    public static readonly Phrase Source = new("{company} has your number from {source}. If you wish, I take it off the list right away.", "{company} को आपका नंबर {source} से मिला है। आप चाहें तो मैं इसे अभी सूची से हटा दूँ।");
    public static readonly Phrase WillSend = new("I will have the details sent to you.", "मैं आपको जानकारी भिजवा दूँगी।");
    public static readonly Phrase WhenToCall = new("When may I call you back?", "मैं आपको कब वापस कॉल करूँ?");
    public static readonly Phrase WillCall = new("I will call you on {callbackAt}. Thank you, and goodbye.", "मैं आपको {callbackAt} पर कॉल करूँगी। धन्यवाद, नमस्ते।");
    public static readonly Phrase DontKnow = new("I do not know that for certain. A colleague can tell you; say “person” to be connected.", "मुझे यह पक्का नहीं पता। एक सहकर्मी बता सकते हैं; जुड़ने के लिए “इंसान से बात” कहें।");
    public static readonly Phrase NotUnderstood = new("Sorry, I did not understand that.", "क्षमा करें, मैं समझ नहीं पाई।");
    public static readonly Phrase StillThere = new("Are you still there?", "क्या आप लाइन पर हैं?");
    public static readonly Phrase NobodyThere = new("I cannot hear you; I will end the call now. Goodbye.", "मुझे आपकी आवाज़ नहीं आ रही; मैं कॉल समाप्त करती हूँ। नमस्ते।");
    public static readonly Phrase CannotFollow = new("I am sorry, I cannot follow. A colleague will get in touch if you wish. Goodbye.", "क्षमा करें, मैं समझ नहीं पा रही। आप चाहें तो एक सहकर्मी संपर्क करेंगे। नमस्ते।");
}
