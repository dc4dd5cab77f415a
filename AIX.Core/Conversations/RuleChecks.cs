namespace AIX.Core.Conversations;

/// <summary>Sentences that are an opt-out and such that nearly are: what <see cref="CallRules"/> is measured on.</summary>
public static class RuleChecks
{
    /// <summary>What the program takes a sentence to mean: rules first, then the model, as on the phone.</summary>
    public static string IntentOf(IntentModel model, string text) => CallRules.Check(text) is var verdict and not RuleVerdict.None ? Conversation.IntentOf(verdict) : model.Classify(text).Best;

    /// <returns>Sentences of a language, each with whether it is an opt-out.</returns>
    public static IReadOnlyList<(string Text, bool IsOptOut)> Of(string language)
    {
        using var stream = typeof(RuleChecks).Assembly.GetManifestResourceStream($"checks-{language}.txt") ?? throw new InvalidOperationException($"The checks of {language} are not in the program.");
        using var reader = new StreamReader(stream);
        var (rows, isOptOut) = (new List<(string, bool)>(), false);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                isOptOut = line == "# opt_out";
            }
            else if (line.Length > 0)
            {
                var now = isOptOut;
                rows.AddRange(IntentCorpus.Expand(line).Select(t => (t, now)));
            }
        }

        return [.. rows.Distinct()];
    }
}
