using System.Collections.Frozen;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AIX.Core.Leads.Intake;

/// <summary>One country's numbering plan, from the embedded metadata (layout of libphonenumber-js 1.12, version 4).</summary>
internal sealed class PhonePlan
{
    private static readonly PhoneLine[] TypeLines =
    [
        PhoneLine.Landline, PhoneLine.Mobile, PhoneLine.TollFree, PhoneLine.Premium, PhoneLine.Other,
        PhoneLine.Other, PhoneLine.Other, PhoneLine.Other, PhoneLine.Other, PhoneLine.Premium,
    ];

    private readonly Regex _international;
    private readonly Regex _national;
    private readonly Regex? _nationalPrefix;
    private readonly FrozenSet<int> _lengths;
    private readonly (Regex Pattern, FrozenSet<int> Lengths, PhoneLine Line)[] _types;

    public PhonePlan(JsonElement country)
    {
        CallingCode = country[0].GetString()!;
        _international = Pattern($"^(?:{country[1].GetString()})");
        _national = Pattern($"^(?:{country[2].GetString()})$");
        _lengths = Lengths(country[3]);
        var prefix = Text(country, 7) ?? Text(country, 5);
        _nationalPrefix = prefix is null ? null : Pattern($"^(?:{prefix})");
        _types = country.GetArrayLength() > 11 && country[11].ValueKind == JsonValueKind.Array ? Types(country[11]) : [];
    }

    public string CallingCode { get; }

    public ReadOnlySpan<char> StripInternationalPrefix(ReadOnlySpan<char> digits)
    {
        foreach (var match in _international.EnumerateMatches(digits))
        {
            return digits[match.Length..];
        }

        return default;
    }

    public ReadOnlySpan<char> StripNationalPrefix(ReadOnlySpan<char> digits)
    {
        if (_nationalPrefix is null || (_lengths.Contains(digits.Length) && _national.IsMatch(digits)))
        {
            return digits;
        }

        foreach (var match in _nationalPrefix.EnumerateMatches(digits))
        {
            return digits[match.Length..];
        }

        return digits;
    }

    /// <summary>The kind of line, or null when the plan gives out no such number.</summary>
    public PhoneLine? LineOf(ReadOnlySpan<char> national)
    {
        if (!_lengths.Contains(national.Length) || !_national.IsMatch(national))
        {
            return null;
        }

        PhoneLine? found = null;
        foreach (var (pattern, lengths, line) in _types)
        {
            if ((lengths.Count == 0 || lengths.Contains(national.Length)) && pattern.IsMatch(national))
            {
                if (found == PhoneLine.Landline && line == PhoneLine.Mobile)
                {
                    return PhoneLine.MobileOrLandline;
                }

                if (found is not null)
                {
                    return found;
                }

                found = line;
            }
            else if (found is not null)
            {
                return found;
            }
        }

        return found ?? (_types.Length == 0 ? PhoneLine.Unknown : null);
    }

    private static (Regex, FrozenSet<int>, PhoneLine)[] Types(JsonElement types)
    {
        // An empty mobile pattern says that fixed lines and mobiles share one range (North America).
        var shared = types.GetArrayLength() > 1 && types[1].ValueKind == JsonValueKind.Array && types[1][0].GetString() is null or "";
        var result = new List<(Regex, FrozenSet<int>, PhoneLine)>();
        var index = 0;
        foreach (var type in types.EnumerateArray())
        {
            if (type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0 && type[0].GetString() is { Length: > 0 } pattern && index < TypeLines.Length)
            {
                result.Add((Pattern($"^(?:{pattern})$"), type.GetArrayLength() > 1 ? Lengths(type[1]) : FrozenSet<int>.Empty, index == 0 && shared ? PhoneLine.MobileOrLandline : TypeLines[index]));
            }

            index++;
        }

        return [.. result];
    }

    private static FrozenSet<int> Lengths(JsonElement lengths) =>
        lengths.ValueKind == JsonValueKind.Array ? lengths.EnumerateArray().Select(l => l.GetInt32()).ToFrozenSet() : FrozenSet<int>.Empty;

    private static string? Text(JsonElement country, int index) =>
        country.GetArrayLength() > index && country[index].ValueKind == JsonValueKind.String ? country[index].GetString() : null;

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}

/// <summary>All plans, each parsed when first asked for.</summary>
internal static class PhonePlans
{
    private static readonly JsonDocument Metadata = Load();
    private static readonly ConcurrentDictionary<string, PhonePlan> Plans = new(StringComparer.Ordinal);

    public static bool IsKnown(string region) => Metadata.RootElement.GetProperty("countries").TryGetProperty(region, out _);

    public static PhonePlan OfRegion(string region) =>
        Plans.GetOrAdd(region, static r => new PhonePlan(Metadata.RootElement.GetProperty("countries").GetProperty(r)));

    /// <summary>Calling code → the regions that share it, the main one first.</summary>
    private static readonly FrozenDictionary<string, string[]> Codes = Metadata.RootElement.GetProperty("country_calling_codes").EnumerateObject()
        .ToFrozenDictionary(c => c.Name, c => c.Value.EnumerateArray().Select(r => r.GetString()!).Where(IsKnown).ToArray());

    /// <summary>Plans that share the longest calling code which these digits start with.</summary>
    public static IEnumerable<PhonePlan> OfCallingCode(ReadOnlySpan<char> digits) => RegionsOf(digits).Select(OfRegion);

    /// <summary>The only region of the calling code that these digits start with, or null.</summary>
    public static string? RegionOf(ReadOnlySpan<char> digits) => RegionsOf(digits) is [var only] ? only : null;

    private static string[] RegionsOf(ReadOnlySpan<char> digits)
    {
        var codes = Codes.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = Math.Min(3, digits.Length); length > 0; length--)
        {
            if (codes.TryGetValue(digits[..length], out var regions))
            {
                return regions;
            }
        }

        return [];
    }

    private static JsonDocument Load()
    {
        using var stream = typeof(PhonePlans).Assembly.GetManifestResourceStream("phone-metadata.json")
            ?? throw new InvalidOperationException("The phone metadata is missing from the build; see build/NpmAssets.targets.");
        return JsonDocument.Parse(stream);
    }
}
