using System.Text.RegularExpressions;

namespace AIX.Core.Conversations;

/// <summary>What is wrong with a flow, and where.</summary>
/// <param name="Node">The node's key; null when it is about the whole flow.</param>
public sealed record FlowProblem(string Code, string? Node, string Message);

/// <summary>Checks a flow before it is saved: every node can be reached and left, every text exists in every language, the opening says what the law asks for.</summary>
public static partial class FlowCheck
{
    public const int MaxNodes = 200;
    public const int MaxText = 1_000;

    public static IReadOnlyList<FlowProblem> Check(DialogueFlow flow)
    {
        var problems = new List<FlowProblem>();
        if (flow.Nodes.Count is 0 or > MaxNodes)
        {
            return [new FlowProblem("size", null, $"A flow has 1 to {MaxNodes} nodes; this one has {flow.Nodes.Count}.")];
        }

        Opening(flow, problems);
        foreach (var (key, node) in flow.Nodes)
        {
            Node(flow, key, node, problems);
        }

        if (!flow.Nodes.ContainsKey(flow.Start))
        {
            problems.Add(new FlowProblem("start", null, $"The flow starts at “{flow.Start}”, which is no node of it."));
            return problems;
        }

        var reached = Reach(flow, flow.Start);
        problems.AddRange(flow.Nodes.Keys.Where(k => !reached.Contains(k)).Select(k => new FlowProblem("unreachable", k, $"No way leads to “{k}”.")));
        problems.AddRange(reached.Where(k => flow.Nodes.ContainsKey(k) && !Reach(flow, k).Any(n => flow.Nodes.TryGetValue(n, out var end) && end.Kind is NodeKind.End or NodeKind.HandOver)).Select(k => new FlowProblem("no-way-out", k, $"From “{k}” no way leads to an end: the call would go round until its time is up.")));
        Loops(flow, problems);
        return problems;
    }

    public static IEnumerable<string> NextOf(FlowNode node) => node.Branches.Select(b => b.Next).Concat(node.Next is { } next ? [next] : []);

    private static void Opening(DialogueFlow flow, List<FlowProblem> problems)
    {
        foreach (var language in flow.Languages)
        {
            var text = flow.Opening.GetValueOrDefault(language) ?? "";
            foreach (var (what, present) in new[] { ("who calls: {company}", text.Contains("{company}", StringComparison.Ordinal)), ("why: {purpose}", text.Contains("{purpose}", StringComparison.Ordinal)), ("that it is an AI assistant", SaysAi().IsMatch(text)), ("that the call is recorded", SaysRecorded().IsMatch(text)) })
            {
                if (!present)
                {
                    problems.Add(new FlowProblem("disclosure", null, $"The opening in “{language}” does not say {what}."));
                }
            }
        }
    }

    private static void Node(DialogueFlow flow, string key, FlowNode node, List<FlowProblem> problems)
    {
        problems.AddRange(NextOf(node).Where(n => !flow.Nodes.ContainsKey(n)).Select(n => new FlowProblem("missing-node", key, $"“{key}” leads to “{n}”, which does not exist.")));
        if (node.Kind is NodeKind.Say or NodeKind.Ask or NodeKind.HandOver or NodeKind.End)
        {
            problems.AddRange(flow.Languages.Where(l => string.IsNullOrWhiteSpace(node.Text.GetValueOrDefault(l))).Select(l => new FlowProblem("missing-language", key, $"“{key}” has no text in “{l}”.")));
        }

        problems.AddRange(node.Text.Where(t => t.Value.Length > MaxText).Select(t => new FlowProblem("too-long", key, $"The text of “{key}” in “{t.Key}” has {t.Value.Length} characters; {MaxText} are spoken at most.")));
        if (node.Kind is NodeKind.Say or NodeKind.Act && node.Next is null)
        {
            problems.Add(new FlowProblem("no-next", key, $"“{key}” leads nowhere; give it a next node or make it an end."));
        }

        // Yes and no are all there is to a question of that kind; anything else is asked again.
        var both = node is { Kind: NodeKind.Ask, Expects: SlotKind.YesNo } && node.Branches.Any(b => b.When == "yes") && node.Branches.Any(b => b.When == "no");
        if (node.Kind is NodeKind.Ask or NodeKind.Branch && !both && node.Next is null && node.Branches.All(b => b.When != "*"))
        {
            problems.Add(new FlowProblem("no-default", key, $"“{key}” does not say where other answers lead; add a branch * or a next node."));
        }

        if (node.Kind is NodeKind.Branch or NodeKind.Act && node.Slot is null)
        {
            problems.Add(new FlowProblem("no-slot", key, $"“{key}” needs a slot."));
        }
    }

    /// <summary>A circle without a question in it never waits for anybody.</summary>
    private static void Loops(DialogueFlow flow, List<FlowProblem> problems)
    {
        foreach (var key in flow.Nodes.Keys)
        {
            var seen = new HashSet<string>();
            var open = new Stack<string>([key]);
            while (open.Count > 0)
            {
                foreach (var next in flow.Nodes.TryGetValue(open.Pop(), out var node) && node.Kind is NodeKind.Say or NodeKind.Branch or NodeKind.Act ? NextOf(node!) : [])
                {
                    if (next == key)
                    {
                        problems.Add(new FlowProblem("endless", key, $"“{key}” comes back to itself without asking anything."));
                        open.Clear();
                        break;
                    }

                    if (seen.Add(next))
                    {
                        open.Push(next);
                    }
                }
            }
        }
    }

    private static HashSet<string> Reach(DialogueFlow flow, string from)
    {
        var seen = new HashSet<string> { from };
        var open = new Queue<string>([from]);
        while (open.TryDequeue(out var key))
        {
            foreach (var next in flow.Nodes.TryGetValue(key, out var node) ? NextOf(node) : [])
            {
                if (seen.Add(next))
                {
                    open.Enqueue(next);
                }
            }
        }

        return seen;
    }

    [GeneratedRegex(@"\bAI assistant\b|एआई सहायक|AI सहायक", RegexOptions.IgnoreCase)]
    private static partial Regex SaysAi();

    [GeneratedRegex(@"\brecorded\b|रिकॉर्ड", RegexOptions.IgnoreCase)]
    private static partial Regex SaysRecorded();
}
