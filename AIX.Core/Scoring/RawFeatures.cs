using System.Globalization;
using System.Text.Json;
using AIX.Core.Enrichment;

namespace AIX.Core.Scoring;

/// <summary>Everything that a lead brought, as it is: standard fields, facts of enrichment, custom attributes. Which of them a model uses is the model's business.</summary>
public static class RawFeatures
{
    private const int MaxText = 1_000;

    public static IEnumerable<Feature> Extract(LeadForScoring lead)
    {
        foreach (var (field, value) in new[] { ("title", lead.Title), ("city", lead.City), ("country", lead.Country) })
        {
            if (value is not null)
            {
                yield return Text("lead." + field, value, FactId.Of(lead.Id, field, lead.OriginOf(field)));
            }
        }

        if (lead.Phone is not null)
        {
            yield return Text("lead.phoneLine", lead.PhoneLine.ToString(), FactId.Of(lead.Id, "phone", lead.OriginOf("phone")));
        }

        foreach (var attribute in lead.Facts.Keys)
        {
            var fused = lead.Fused(attribute, null)!;
            yield return Fact(attribute, fused);
        }

        if (lead.Attributes.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var attribute in lead.Attributes.EnumerateObject())
        {
            if (Read("attr." + attribute.Name, attribute.Value, FactId.Of(lead.Id, attribute.Name, lead.OriginOf(attribute.Name))) is { } feature)
            {
                yield return feature;
            }
        }
    }

    /// <summary>A name as people know it: <c>attr.Total Visits</c> is "Total Visits".</summary>
    public static string DisplayName(string name) => name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && name[..dot] is "lead" or "fact" or "attr" ? name[(dot + 1)..] : name;

    private static Feature? Read(string name, JsonElement value, Guid fact)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                var number = value.GetDouble();
                return new Feature(name, number, number.ToString("0.######", CultureInfo.InvariantCulture), [fact], FeatureKind.Number);
            case JsonValueKind.True or JsonValueKind.False:
                return new Feature(name, value.GetBoolean() ? 1 : 0, value.GetBoolean() ? "yes" : "no", [fact], FeatureKind.Number);
            case JsonValueKind.String when value.GetString() is { Length: > 0 } text:
                return DateOf(text) is { } days ? new Feature(name, days, text, [fact], FeatureKind.Date) : Text(name, text, fact);
            case JsonValueKind.Array:
                return new Feature(name, null, string.Join('\n', value.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Take(50).Select(e => Cut(e.GetString()!))), [fact], FeatureKind.List);
            default:
                return null;
        }
    }

    /// <summary>A source's word is text; a number, a day or a list in it is read as one.</summary>
    private static Feature Fact(string attribute, FusedValue fused)
    {
        var name = "fact." + attribute;
        if (attribute == "technologies")
        {
            return new Feature(name, null, string.Join('\n', fused.Value.Split(", ").Take(50).Select(Cut)), [fused.FactIds[0]], FeatureKind.List);
        }

        if (double.TryParse(fused.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return new Feature(name, number, fused.Value, [fused.FactIds[0]], FeatureKind.Number);
        }

        return DateOf(fused.Value) is { } days ? new Feature(name, days, fused.Value, [fused.FactIds[0]], FeatureKind.Date) : Text(name, fused.Value, fused.FactIds[0]);
    }

    private static double? DateOf(string text) =>
        text.Length >= 10 && char.IsAsciiDigit(text[0]) && text[4] == '-' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? (at - DateTimeOffset.UnixEpoch).TotalDays
            : null;

    private static Feature Text(string name, string value, Guid fact) => new(name, null, Cut(value), [fact], FeatureKind.Text);

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];
}
