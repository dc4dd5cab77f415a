namespace AIX.Core.Conversations;

/// <summary>Where a conversation stands; stored with the call between two turns.</summary>
public sealed record ConversationState
{
    public required string Language { get; init; }

    public required string Node { get; init; }

    public IReadOnlyDictionary<string, string> Slots { get; init; } = new Dictionary<string, string>();

    /// <summary>Replies given so far: an answer to an older one is a repetition.</summary>
    public int Step { get; init; }

    /// <summary>Turns of the callee so far.</summary>
    public int Turns { get; init; }

    /// <summary>Times in a row that nothing, or nothing that could be understood, was said.</summary>
    public int Misses { get; init; }

    public string LastSaid { get; init; } = "";

    /// <summary>The last reply as it was given, for a provider that asks for it again.</summary>
    public IReadOnlyList<Utterance> LastReply { get; init; } = [];

    public AfterSpeech LastThen { get; init; }

    public bool RecordingRefused { get; init; }

    public Disposition? Disposition { get; init; }

    public DateTimeOffset? CallbackAt { get; init; }

    public bool Ended { get; init; }
}

/// <summary>One thing to say.</summary>
public sealed record Utterance(string Text, string Language, bool Interruptible = true);

public enum AfterSpeech
{
    Listen,
    HangUp,
    HandOver,
}

/// <summary>What the conversation asks of the program around it.</summary>
public enum ConversationEffect
{
    /// <summary>Suppress the number for the whole tenant, before the confirmation is spoken.</summary>
    Suppress,
    StopRecording,
    ScheduleCallback,
    SendInformation,
}

/// <summary>What was heard and how it was taken.</summary>
public sealed record HeardTurn(string Text, string Language, string Intent, double Confidence, double Sentiment, string Node);

public sealed record ConversationReply(ConversationState State, IReadOnlyList<Utterance> Say, AfterSpeech Then, IReadOnlyList<ConversationEffect> Effects, HeardTurn? Heard)
{
    /// <summary>The article that the answer was taken from.</summary>
    public Guid? Cited { get; init; }
}

/// <summary>What a conversation knows of the call.</summary>
/// <param name="Facts">Facts of the lead, and agent, company and purpose: what a text's variables stand for.</param>
/// <param name="Now">The callee's own time.</param>
public sealed record ConversationContext(IReadOnlyDictionary<string, string> Facts, DateTimeOffset Now);

/// <summary>An article that answers a question.</summary>
public sealed record KnowledgeHit(Guid Article, string Answer, double Score);
