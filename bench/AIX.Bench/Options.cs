namespace AIX.Bench;

/// <summary>Arguments of the form <c>--name value</c>.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = [];

    public static Options Parse(string[] args)
    {
        var options = new Options();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                throw new ArgumentException($"{args[i]} is no option; options look like --name value.");
            }

            options._values[args[i][2..]] = args[i + 1];
        }

        return options;
    }

    public string? Text(string name) => _values.GetValueOrDefault(name);
}
