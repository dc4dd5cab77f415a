using System.Text.Json.Serialization;

namespace AIX.Core.Conversations;

[JsonConverter(typeof(JsonStringEnumConverter<NodeKind>))]
public enum NodeKind
{
    /// <summary>Says its text and goes on.</summary>
    Say,

    /// <summary>Says its text, waits for an answer and goes where the answer leads.</summary>
    Ask,

    /// <summary>Goes where a slot's value leads, without a word.</summary>
    Branch,

    /// <summary>Does something: sets a slot, promises to send, and goes on.</summary>
    Act,

    /// <summary>Says its text and hands the call to a person.</summary>
    HandOver,

    /// <summary>Says its text and hangs up.</summary>
    End,
}

/// <summary>What an answer fills a slot with.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SlotKind>))]
public enum SlotKind
{
    None,
    YesNo,
    Number,
    When,
    Email,
    Text,
}

/// <summary>Where to go when the answer's intent, or the slot's value, is <paramref name="When"/>; <c>*</c> is any other.</summary>
public sealed record FlowBranch(string When, string Next);

public sealed record FlowNode
{
    public required NodeKind Kind { get; init; }

    /// <summary>Language (<c>en</c>, <c>hi</c>) → what is said; <c>{name}</c> stands for a fact of the lead, a slot or one of agent, company, purpose.</summary>
    public IReadOnlyDictionary<string, string> Text { get; init; } = new Dictionary<string, string>();

    /// <summary>The callee may speak over it.</summary>
    public bool Interruptible { get; init; } = true;

    public string? Slot { get; init; }

    public SlotKind Expects { get; init; }

    public string? Next { get; init; }

    public IReadOnlyList<FlowBranch> Branches { get; init; } = [];

    /// <summary>What the call came to when it ends here.</summary>
    public Disposition? Disposition { get; init; }

    /// <summary>Value that <see cref="NodeKind.Act"/> gives its slot.</summary>
    public string? Value { get; init; }
}

/// <summary>A dialogue as data: versioned, checked when it is saved, run by <see cref="Conversation"/>.</summary>
public sealed record DialogueFlow
{
    public required string Key { get; init; }

    public int Version { get; init; } = 1;

    public required string Name { get; init; }

    /// <summary>Languages that every text exists in.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["en", "hi"];

    /// <summary>First words of every call: who calls, that it is an AI assistant, why, that the call is recorded.</summary>
    public required IReadOnlyDictionary<string, string> Opening { get; init; }

    public required string Start { get; init; }

    public required IReadOnlyDictionary<string, FlowNode> Nodes { get; init; }
}

/// <summary>What a call came to, beside its telephone status and who answered.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Disposition>))]
public enum Disposition
{
    Interested,
    Qualified,
    AppointmentSet,
    Callback,
    NotInterested,
    AlreadyCustomer,
    WrongNumber,
    LanguageBarrier,
    Transferred,
    OptOut,
    RecordingRefused,
    Minor,
    Voicemail,
    NoAnswer,
    Busy,
    Failed,
    InvalidNumber,
    Abandoned,
    HungUpEarly,
    NoOutcome,
}
