using System.Text.Json.Nodes;

namespace AIX.Core.Leads.Intake;

/// <summary>A lead while an intake works on it: read from the store or made from a draft, then merged with further drafts.</summary>
internal sealed class LeadImage
{
    public required Guid Id { get; init; }

    public required bool IsNew { get; init; }

    public string? Name { get; set; }

    public string? Company { get; set; }

    public string? Domain { get; set; }

    public string? Title { get; set; }

    public string? City { get; set; }

    public string? Country { get; set; }

    public byte[]? Attributes { get; set; }

    public Dictionary<string, Guid>? Origins { get; set; }

    public Guid? NameHostKey { get; set; }

    /// <summary>Import, key or form of the first intake; null for a new lead.</summary>
    public Guid? SourceId { get; init; }

    /// <summary>Ids in other systems that the lead has or gets.</summary>
    public List<string> ExternalIds { get; init; } = [];

    public List<string> NewExternalIds { get; } = [];

    public required DateTimeOffset CreatedAt { get; set; }

    public int Version { get; set; }

    public List<ContactImage> Contacts { get; init; } = [];

    public OutcomeResult? LatestOutcome { get; set; }

    public DateTimeOffset? LatestOutcomeAt { get; set; }

    public OutcomeDraft? NewOutcome { get; set; }

    /// <summary>The row as it stood before this intake, for undo; null while unchanged or new.</summary>
    public JsonObject? Before { get; set; }

    /// <summary>Values that this intake replaced.</summary>
    public List<SupersededValue>? Superseded { get; set; }

    public bool Changed { get; set; }

    public bool HasEmail => Contacts.Exists(c => c.Kind == ContactKind.Email);

    public bool HasPhone => Contacts.Exists(c => c.Kind == ContactKind.Phone);
}

internal sealed record ContactImage(ContactKind Kind, string Value, Guid? Key, PhoneLine Line, string? Flag)
{
    public static ContactImage Of(ContactKind kind, ContactValue value, Guid? key) => new(kind, value.Value, key, value.Line, value.Flag);
}

internal sealed record SupersededValue(string Attribute, string Value, Guid? Origin);
