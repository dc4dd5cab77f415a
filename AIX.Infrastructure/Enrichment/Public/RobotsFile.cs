namespace AIX.Infrastructure.Enrichment.Public;

/// <summary>What a site asks of robots (RFC 9309): the group that names this program, else the group of all; the longest matching rule wins, and allows on a tie.</summary>
internal static class RobotsFile
{
    private const string Agent = "aix";

    public static bool Allows(string robots, string path)
    {
        var (mine, all) = (new List<(bool Allow, string Path)>(), new List<(bool Allow, string Path)>());
        var (isMine, isAll, inRules, hasMine) = (false, false, false, false);
        foreach (var line in robots.Split('\n').Take(5_000))
        {
            var text = line.Split('#')[0];
            if (text.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon))
            {
                continue;
            }

            var (key, value) = (text[..colon].Trim().ToLowerInvariant(), text[(colon + 1)..].Trim());
            if (key == "user-agent")
            {
                // Several agents in a row share the rules that follow.
                (isMine, isAll) = inRules ? (false, false) : (isMine, isAll);
                inRules = false;
                isMine |= value.Equals(Agent, StringComparison.OrdinalIgnoreCase);
                isAll |= value == "*";
                hasMine |= isMine;
            }
            else if (key is "allow" or "disallow")
            {
                inRules = true;
                if (value.Length > 0 && isMine)
                {
                    mine.Add((key == "allow", value));
                }
                else if (value.Length > 0 && isAll)
                {
                    all.Add((key == "allow", value));
                }
            }
        }

        var best = (hasMine ? mine : all).Where(r => Matches(r.Path, path)).OrderByDescending(r => r.Path.Length).ThenByDescending(r => r.Allow).Select(r => (bool?)r.Allow).FirstOrDefault();
        return best ?? true;
    }

    /// <summary><c>*</c> stands for anything, <c>$</c> for the end.</summary>
    private static bool Matches(string rule, string path)
    {
        var toEnd = rule.EndsWith('$');
        var parts = (toEnd ? rule[..^1] : rule).Split('*');
        var at = parts[0].Length;
        if (!path.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var part in parts.Skip(1))
        {
            var next = path.IndexOf(part, at, StringComparison.Ordinal);
            if (next < 0)
            {
                return false;
            }

            at = next + part.Length;
        }

        return !toEnd || at == path.Length || parts[^1].Length == 0;
    }
}
