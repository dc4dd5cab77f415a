namespace AIX.Core.Leads.Intake;

/// <summary>Per-field rules for known leads; fields not named follow the default.</summary>
internal sealed class CollisionRules(IReadOnlyDictionary<string, CollisionRule>? rules = null)
{
    public static readonly CollisionRules Default = new();

    public CollisionRule For(string key) => rules is not null && rules.TryGetValue(key, out var rule) ? rule : CollisionRule.FillIfBlank;
}
