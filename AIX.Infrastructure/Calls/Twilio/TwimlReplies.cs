using AIX.Core.Calls;
using AIX.Core.Conversations;

namespace AIX.Infrastructure.Calls.Twilio;

/// <summary>What the line is told to do, as TwiML.</summary>
internal sealed class TwimlReplies(TwilioTelephony telephony, CallOptions options)
{
    private const string Hints = "haan,nahi,yes,no,हाँ,नहीं,call later,baad mein,not interested,stop calling";

    public static string Hangup() => new TwimlWriter().Hangup().ToString();

    /// <summary>Says one thing and hangs up.</summary>
    public static string Message(Utterance line) => Speak(new TwimlWriter(), [line]).Hangup().ToString();

    /// <summary>Says, then listens; the recording begins with the first words unless it was refused.</summary>
    public string Turn(CallReply reply, bool begins)
    {
        var xml = new TwimlWriter();
        if (begins)
        {
            Record(xml, reply.Call);
        }

        if (reply.Then == AfterSpeech.HandOver)
        {
            return HandOver(Speak(xml, reply.Say), reply.Call);
        }

        if (reply.Then == AfterSpeech.HangUp)
        {
            return Speak(xml, reply.Say).Hangup().ToString();
        }

        var (voice, language) = VoiceOf(reply.Language);
        _ = voice;

        // What must be heard to its end stands before the Gather: nobody can speak over it.
        Speak(xml, [.. reply.Say.TakeWhile(s => !s.Interruptible)]);
        var action = telephony.UrlOf($"/twilio/turn/{reply.Call.Id}?step={TwimlWriter.Number(reply.Step)}");
        xml.Begin(
            "Gather", ("input", "speech dtmf"), ("language", language), ("hints", Hints), ("speechTimeout", "auto"), ("timeout", "5"), ("numDigits", "1"), ("actionOnEmptyResult", "true"), ("action", action), ("method", "POST"), ("profanityFilter", "false"));
        Speak(xml, [.. reply.Say.SkipWhile(s => !s.Interruptible)]);
        return xml.End().Redirect(action + "&empty=1").ToString();
    }

    /// <summary>Hands the line to a WebSocket.</summary>
    /// <param name="token">Proves the socket to be this call's.</param>
    public string Relay(Call call, string token)
    {
        var xml = new TwimlWriter();
        Record(xml, call);
        var code = call.Language == "hi" ? "hi-IN" : "en-IN";
        xml.Begin("Connect", ("action", telephony.UrlOf($"/twilio/relay-ended/{call.Id}")));
        xml.Begin(
            "ConversationRelay", ("url", SocketOf(telephony.UrlOf($"/twilio/relay/{call.Id}"))), ("ttsProvider", "Google"), ("voice", code + "-Standard-A"), ("language", code), ("transcriptionProvider", "Google"), ("interruptible", "any"), ("dtmfDetection", "true"), ("reportInputDuringAgentSpeech", "any"));
        foreach (var language in new[] { "hi-IN", "en-IN" })
        {
            xml.Element("Language", null, ("code", language), ("ttsProvider", "Google"), ("voice", language + "-Standard-A"), ("transcriptionProvider", "Google"));
        }

        return xml.Element("Parameter", null, ("name", "callId"), ("value", call.Id.ToString())).Element("Parameter", null, ("name", "token"), ("value", token)).ToString();
    }

    /// <summary>To a person, or the promise of one.</summary>
    public string HandOver(Call call) => HandOver(new TwimlWriter(), call);

    private string HandOver(TwimlWriter xml, Call call) => options.HandOverNumber.Length == 0
        ? xml.Hangup().ToString()
        : xml.Begin("Dial", ("timeout", "20"), ("timeLimit", "1800"), ("callerId", call.FromNumber), ("action", telephony.UrlOf($"/twilio/dial-done/{call.Id}")), ("answerOnBridge", "true")).Element("Number", options.HandOverNumber).ToString();

    private void Record(TwimlWriter xml, Call call) =>
        xml.Begin("Start").Element("Recording", null, ("channels", "dual"), ("recordingStatusCallback", telephony.UrlOf($"/twilio/recording/{call.Id}")), ("recordingStatusCallbackEvent", "in-progress completed absent")).End();

    private static TwimlWriter Speak(TwimlWriter xml, IReadOnlyList<Utterance> say)
    {
        foreach (var line in say)
        {
            var (voice, language) = VoiceOf(line.Language);
            xml.Say(line.Text, voice, language);
        }

        return xml;
    }

    /// <summary>One voice that speaks both, so that the person does not change with the language.</summary>
    private static (string Voice, string Language) VoiceOf(string language) => ("Polly.Kajal-Neural", language == "hi" ? "hi-IN" : "en-IN");

    private static string SocketOf(string url) => "ws" + url["http".Length..];
}
