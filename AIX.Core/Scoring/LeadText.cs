using System.Text;
using System.Text.Json;

namespace AIX.Core.Scoring;

/// <summary>What a lead is like, in words, for its embedding: the person's work, the firm and what it uses. No name, address or number of a person.</summary>
public static class LeadText
{
    private const int MaxValue = 300;

    private const int MaxText = 3_000;

    private static readonly string[] Told = ["industry", "technologies", "description", "region", "legalForm", "emailProvider"];

    public static string Of(LeadForScoring lead)
    {
        var text = new StringBuilder();
        void Add(string? value)
        {
            if (!string.IsNullOrWhiteSpace(value) && text.Length < MaxText)
            {
                text.Append(value.Length <= MaxValue ? value : value[..MaxValue]).Append(". ");
            }
        }

        Add(lead.Title);
        Add(lead.City);
        Add(lead.Country);
        foreach (var attribute in Told)
        {
            Add(lead.Fused(attribute, null)?.Value);
        }

        if (lead.Attributes.ValueKind == JsonValueKind.Object)
        {
            foreach (var attribute in lead.Attributes.EnumerateObject().Where(a => a.Value.ValueKind is JsonValueKind.String or JsonValueKind.Array))
            {
                var value = attribute.Value.ValueKind == JsonValueKind.String ? attribute.Value.GetString() : string.Join(", ", attribute.Value.EnumerateArray().Select(e => e.ToString()));
                // A value alone says little: "yes" to what?
                Add(value?.Contains('@', StringComparison.Ordinal) == true || value?.Any(char.IsLetter) != true ? null : $"{attribute.Name} {value}");
            }
        }

        return text.ToString();
    }
}
