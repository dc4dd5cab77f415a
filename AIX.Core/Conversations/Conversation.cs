using AIX.Core.Text;

namespace AIX.Core.Conversations;

/// <summary>
/// Runs a flow turn by turn, without any input or output of its own. The order of every turn: rules (opt-out, recording, minor, person) → silence and back-channels → intents that hold everywhere → the answer that the node asked
/// for → an article → asking again. Whatever the flow says, the first words are its opening, and an opt-out ends the call.
/// </summary>
public sealed class Conversation(DialogueFlow flow, Func<string, IntentGuess> intents, Func<string, string, KnowledgeHit?> knowledge)
{
    /// <summary>Longest answer that is looked at; what comes after it is noise.</summary>
    public const int MaxHeard = 1_000;

    private const int MaxTurns = 40;
    private const int MaxMisses = 2;

    private static readonly Sentiment Mood = new();

    private static readonly HashSet<string> BackChannels = new(StringComparer.Ordinal) { "hmm", "hm", "mm", "uh huh", "mhm", "achha", "accha", "acha", "haan", "ji", "ok", "okay", "हम्म", "अच्छा", "हाँ", "हां", "जी" };

    public ConversationReply Start(string language, ConversationContext context)
    {
        var state = new ConversationState { Language = flow.Languages.Contains(language) ? language : flow.Languages[0], Node = flow.Start };
        var opening = new Utterance(Fill(flow.Opening[state.Language], state, context), state.Language, false);
        return Go(state, flow.Start, context, [opening], [], null);
    }

    /// <param name="text">What was heard; empty for silence. A single digit is a pressed key: 9 opts out, 0 asks for a person.</param>
    /// <param name="interrupting">It was said while the assistant spoke.</param>
    public ConversationReply Hear(ConversationState state, string? text, ConversationContext context, bool interrupting = false)
    {
        var heard = (text ?? "").Trim();
        heard = heard.Length > MaxHeard ? heard[..MaxHeard] : heard;
        if (state.Ended)
        {
            return new ConversationReply(state, [], AfterSpeech.HangUp, [], null);
        }

        if (heard.Length == 0)
        {
            return Missed(state, context, null, "silence");
        }

        var spoken = LanguageOf(heard, state.Language);
        var verdict = heard switch { "9" => RuleVerdict.OptOut, "0" => RuleVerdict.Human, _ => CallRules.Check(heard) };
        var guess = verdict == RuleVerdict.None ? intents(heard) : new IntentGuess(IntentOf(verdict), 1, IntentOf(verdict));
        var turn = new HeardTurn(heard, spoken, guess.Label, guess.Probability, Mood.Of(heard), state.Node);
        state = state with { Turns = state.Turns + 1 };
        if (verdict != RuleVerdict.None)
        {
            return Ruled(state, verdict, turn, context);
        }

        if (interrupting && BackChannels.Contains(Intents.NGrams.Clean(heard)))
        {
            return new ConversationReply(state, [], AfterSpeech.Listen, [], turn with { Intent = "backchannel" });
        }

        if (state.Turns > MaxTurns)
        {
            return End(state, Phrases.Goodbye, state.Disposition ?? Disposition.NoOutcome, context, turn);
        }

        return Everywhere(state, turn, context) ?? Answered(state, turn, context);
    }

    private ConversationReply Ruled(ConversationState state, RuleVerdict verdict, HeardTurn turn, ConversationContext context) => verdict switch
    {
        RuleVerdict.OptOut => End(state, Phrases.OptedOut, Disposition.OptOut, context, turn, ConversationEffect.Suppress),
        RuleVerdict.Minor => End(state, Phrases.Minor, Disposition.Minor, context, turn),
        RuleVerdict.Human => new ConversationReply(
            state with { Disposition = Disposition.Transferred, Ended = true }, [Line(Phrases.HandOver, state, context, false)], AfterSpeech.HandOver, [], turn),
        _ => Again(state with { RecordingRefused = true }, turn, context, [Line(Phrases.NotRecorded, state, context, false)], ConversationEffect.StopRecording),
    };

    /// <summary>Intents that mean the same wherever the conversation stands; null when the node has to look at the answer.</summary>
    private ConversationReply? Everywhere(ConversationState state, HeardTurn turn, ConversationContext context)
    {
        var node = flow.Nodes[state.Node];
        if (node.Branches.Any(b => b.When == turn.Intent))
        {
            return null;
        }

        if (state.Slots.ContainsKey(AwaitingCallback))
        {
            return Callback(state, turn, context);
        }

        // Asked for their own words, people may use any.
        if (node is { Kind: NodeKind.Ask, Expects: SlotKind.Text } && turn.Intent is not ("wrong_number" or "repeat" or "speak_hindi" or "speak_english"))
        {
            return null;
        }

        // What the node waits for goes before what it may also mean: a date is an answer to "when", not a wish for a callback.
        if (node.Kind == NodeKind.Ask && node.Expects is SlotKind.When or SlotKind.Number or SlotKind.Email && SlotReader.Read(node.Expects, turn.Text, turn.Intent, context.Now) is not null)
        {
            return null;
        }

        return turn.Intent switch
        {
            "wrong_number" => End(state, Phrases.WrongNumber, Disposition.WrongNumber, context, turn),
            "not_interested" => End(state, Phrases.NotInterested, Disposition.NotInterested, context, turn),
            "goodbye" => End(state, Phrases.Goodbye, state.Disposition ?? Disposition.NoOutcome, context, turn),
            "complaint" => End(state, Phrases.Sorry, Disposition.NotInterested, context, turn),
            "has_vendor" when node.Expects != SlotKind.YesNo => Again(state, turn, context, [Line(Phrases.HasVendor, state, context)]),
            "callback" or "busy" or "need_time" => Callback(state, turn, context),
            "repeat" => Again(state, turn, context, []),
            "speak_hindi" => Again(state with { Language = flow.Languages.Contains("hi") ? "hi" : state.Language }, turn, context, []),
            "speak_english" => Again(state with { Language = flow.Languages.Contains("en") ? "en" : state.Language }, turn, context, []),
            "ask_robot" => Again(state, turn, context, [Line(Phrases.IsRobot, state, context)]),
            "ask_company" => Again(state, turn, context, [Line(Phrases.Company, state, context)]),
            "number_source" => Again(state, turn, context, [Line(Phrases.Source, state, context)]),
            "send_info" => Again(state with { Slots = With(state, "sendInfo", "yes") }, turn, context, [Line(Phrases.WillSend, state, context)], ConversationEffect.SendInformation),
            "ask_price" or "too_expensive" or "ask_product" or "trust" => Explained(state, turn, context, true),
            _ => null,
        };
    }

    private const string AwaitingCallback = "_callback";

    private static ConversationReply Callback(ConversationState state, HeardTurn turn, ConversationContext context)
    {
        if (WhenParser.Parse(turn.Text, context.Now) is { } at)
        {
            var said = state with { CallbackAt = at, Slots = With(state, "callbackAt", at.ToString("O", System.Globalization.CultureInfo.InvariantCulture)) };
            return End(said, Phrases.WillCall, Disposition.Callback, context, turn, ConversationEffect.ScheduleCallback);
        }

        if (state.Slots.ContainsKey(AwaitingCallback))
        {
            // Asked once already: tomorrow at the same hour is better than a third question.
            var tomorrow = state with { CallbackAt = context.Now.AddDays(1), Slots = With(state, "callbackAt", context.Now.AddDays(1).ToString("O", System.Globalization.CultureInfo.InvariantCulture)) };
            return End(tomorrow, Phrases.WillCall, Disposition.Callback, context, turn, ConversationEffect.ScheduleCallback);
        }

        var asked = state with { Slots = With(state, AwaitingCallback, "yes") };
        var line = Line(Phrases.WhenToCall, asked, context);
        return new ConversationReply(asked with { LastSaid = line.Text }, [line], AfterSpeech.Listen, [], turn);
    }

    private ConversationReply Answered(ConversationState state, HeardTurn turn, ConversationContext context)
    {
        var node = flow.Nodes[state.Node];
        var value = node.Kind == NodeKind.Ask ? SlotReader.Read(node.Expects, turn.Text, turn.Intent, context.Now) : null;
        var slots = value is not null && node.Slot is { } slot ? With(state, slot, value) : state.Slots;
        var next = node.Branches.FirstOrDefault(b => b.When == turn.Intent || b.When == value)?.Next;
        if (next is null && turn.Intent != IntentModel.OutOfScope && node.Expects == SlotKind.None)
        {
            next = node.Branches.FirstOrDefault(b => b.When == "*")?.Next ?? node.Next;
        }

        if (next is null && value is not null)
        {
            next = node.Branches.FirstOrDefault(b => b.When == "*")?.Next ?? node.Next;
        }

        return next is not null
            ? Go(state with { Slots = slots, Misses = 0 }, next, context, [], [], turn)
            : Explained(state, turn, context, false);
    }

    /// <summary>An article answers; without one the conversation says so, and offers a person.</summary>
    private ConversationReply Explained(ConversationState state, HeardTurn turn, ConversationContext context, bool asked)
    {
        if (knowledge(turn.Text, state.Language) is { } hit)
        {
            return Again(state, turn, context, [new Utterance(hit.Answer, state.Language)]) with { Cited = hit.Article };
        }

        return asked ? Again(state, turn, context, [Line(Phrases.DontKnow, state, context)]) : Missed(state, context, turn, "misheard");
    }

    private ConversationReply Missed(ConversationState state, ConversationContext context, HeardTurn? turn, string why)
    {
        var missed = state with { Misses = state.Misses + 1 };
        if (missed.Misses > MaxMisses)
        {
            return End(missed, why == "silence" ? Phrases.NobodyThere : Phrases.CannotFollow, state.Disposition ?? Disposition.NoOutcome, context, turn);
        }

        var reply = Again(missed, turn, context, [Line(why == "silence" ? Phrases.StillThere : Phrases.NotUnderstood, missed, context)]);
        return reply with { State = reply.State with { Misses = missed.Misses } };
    }

    /// <summary>Says something and asks the open question again.</summary>
    private ConversationReply Again(ConversationState state, HeardTurn? turn, ConversationContext context, IReadOnlyList<Utterance> first, params ReadOnlySpan<ConversationEffect> effects)
    {
        var node = flow.Nodes[state.Node];
        var question = new Utterance(Fill(node.Text.GetValueOrDefault(state.Language, ""), state, context), state.Language, node.Interruptible);
        List<Utterance> say = [.. first, .. question.Text.Length > 0 ? (Utterance[])[question] : []];
        return new ConversationReply(state with { LastSaid = question.Text }, say, AfterSpeech.Listen, effects.ToArray(), turn);
    }

    /// <summary>Walks from node to node until one waits or ends.</summary>
    private ConversationReply Go(ConversationState state, string key, ConversationContext context, List<Utterance> say, List<ConversationEffect> effects, HeardTurn? turn)
    {
        for (var steps = 0; steps <= FlowCheck.MaxNodes; steps++)
        {
            var node = flow.Nodes[key];
            state = state with { Node = key };
            if (node.Kind is NodeKind.Say or NodeKind.Ask or NodeKind.HandOver or NodeKind.End)
            {
                say.Add(new Utterance(Fill(node.Text[state.Language], state, context), state.Language, node.Interruptible));
            }

            switch (node.Kind)
            {
                case NodeKind.Ask:
                    return new ConversationReply(state with { LastSaid = say[^1].Text, Disposition = node.Disposition ?? state.Disposition }, say, AfterSpeech.Listen, effects, turn);
                case NodeKind.End:
                    return new ConversationReply(state with { Ended = true, Disposition = node.Disposition ?? state.Disposition ?? Disposition.NoOutcome }, say, AfterSpeech.HangUp, [.. effects, .. Promised(state)], turn);
                case NodeKind.HandOver:
                    return new ConversationReply(state with { Ended = true, Disposition = node.Disposition ?? Disposition.Transferred }, say, AfterSpeech.HandOver, effects, turn);
                case NodeKind.Act:
                    state = state with { Slots = With(state, node.Slot!, node.Value ?? "yes"), Disposition = node.Disposition ?? state.Disposition };
                    key = node.Next!;
                    break;
                case NodeKind.Branch:
                    var value = state.Slots.GetValueOrDefault(node.Slot!) ?? context.Facts.GetValueOrDefault(node.Slot!);
                    key = (node.Branches.FirstOrDefault(b => b.When == value) ?? node.Branches.FirstOrDefault(b => b.When == "*"))?.Next ?? node.Next!;
                    break;
                default:
                    state = state with { Disposition = node.Disposition ?? state.Disposition };
                    key = node.Next!;
                    break;
            }
        }

        throw new InvalidOperationException($"Flow {flow.Key} goes round at “{key}”; it was saved without its check.");
    }

    /// <summary>A time that the flow itself asked for is a callback, or an appointment, like any other.</summary>
    private static ConversationEffect[] Promised(ConversationState state) => state.Slots.ContainsKey("callbackAt") ? [ConversationEffect.ScheduleCallback] : [];

    private static ConversationReply End(ConversationState state, Phrase phrase, Disposition disposition, ConversationContext context, HeardTurn? turn, params ReadOnlySpan<ConversationEffect> effects) =>
        new(state with { Ended = true, Disposition = disposition }, [Line(phrase, state, context, false)], AfterSpeech.HangUp, effects.ToArray(), turn);

    private static Utterance Line(Phrase phrase, ConversationState state, ConversationContext context, bool interruptible = true) => new(Fill(phrase.In(state.Language), state, context), state.Language, interruptible);

    private static Dictionary<string, string> With(ConversationState state, string slot, string value) => new(state.Slots) { [slot] = value };

    /// <summary>The intent that a rule's verdict stands for.</summary>
    public static string IntentOf(RuleVerdict verdict) => verdict switch { RuleVerdict.OptOut => "opt_out", RuleVerdict.Human => "human", RuleVerdict.Minor => "minor", _ => "refuse_recording" };

    private static string LanguageOf(string text, string before) => LanguageId.Of(text) switch { TextLanguage.English => "en", TextLanguage.Hindi => "hi", TextLanguage.RomanisedHindi => "hinglish", _ => before };

    /// <summary>Variables in curly brackets; one that nobody knows is left out. What a lead is called is data, never markup.</summary>
    internal static string Fill(string text, ConversationState state, ConversationContext context) => System.Text.RegularExpressions.Regex.Replace(
        text, @"\{(\w+)\}", m => When(m.Groups[1].Value, state) ?? state.Slots.GetValueOrDefault(m.Groups[1].Value) ?? context.Facts.GetValueOrDefault(m.Groups[1].Value) ?? "").Replace("  ", " ", StringComparison.Ordinal).Trim();

    private static string? When(string variable, ConversationState state) =>
        variable == "callbackAt" && DateTimeOffset.TryParse(state.Slots.GetValueOrDefault("callbackAt"), System.Globalization.CultureInfo.InvariantCulture, out var at)
            ? at.ToString("d MMMM, h:mm tt", System.Globalization.CultureInfo.GetCultureInfo(state.Language == "hi" ? "hi-IN" : "en-IN"))
            : null;
}
