using System.Text.Json;

namespace AIX.Core.Leads.Intake;

/// <summary>Reads leads from the API's JSON. Standard properties are checked for their type; every other one becomes a custom attribute, so nothing is lost to a typo.</summary>
internal static class JsonDrafts
{
    private static readonly Dictionary<string, LeadField> Standard = Enum.GetValues<LeadField>()
        .Where(f => f is not LeadField.None)
        .ToDictionary(LeadFields.KeyOf, f => f, StringComparer.OrdinalIgnoreCase);

    public const int MaxAttributes = 300;

    public static (LeadDraft? Draft, List<FieldError> Errors) Read(JsonElement item, int index, DraftBuilder builder)
    {
        var errors = new List<FieldError>();
        if (item.ValueKind != JsonValueKind.Object)
        {
            return (null, [new FieldError("", $"Item {index} is {Name(item)}; a lead is a JSON object.")]);
        }

        builder.Begin(index);
        var attributes = 0;
        foreach (var property in item.EnumerateObject())
        {
            if (property.NameEquals("attributes"))
            {
                attributes += Attributes(property.Value, builder, errors);
            }
            else if (property.NameEquals("technologies") && property.Value.ValueKind == JsonValueKind.Array)
            {
                Custom(property.Name, property.Value, builder, errors);
            }
            else if (Standard.TryGetValue(property.Name, out var field))
            {
                Field(field, property.Value, builder, errors);
            }
            else
            {
                attributes += Custom(property.Name, property.Value, builder, errors);
            }
        }

        if (attributes > MaxAttributes)
        {
            errors.Add(new FieldError("attributes", $"{attributes} custom attributes are too many; at most {MaxAttributes} are kept."));
        }

        var draft = builder.End(out var late);
        if (late is not null)
        {
            errors.Add(late);
        }

        return (draft, errors);
    }

    private static void Field(LeadField field, JsonElement value, DraftBuilder builder, List<FieldError> errors)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null => null,
            JsonValueKind.Number when field is LeadField.Employees or LeadField.Revenue or LeadField.ExternalId or LeadField.Outcome => value.GetRawText(),
            JsonValueKind.True or JsonValueKind.False when field is LeadField.Outcome => value.GetRawText(),
            _ => "\0",
        };

        if (text == "\0")
        {
            errors.Add(new FieldError(LeadFields.KeyOf(field), $"{LeadFields.KeyOf(field)} is {Name(value)}; it must be a string."));
        }
        else if (builder.Set(field, text) is { } error)
        {
            errors.Add(error);
        }
        else if (field == LeadField.Outcome && TextNormalizer.Clean(text) is { } outcome && builder.Draft.Outcome is null)
        {
            errors.Add(new FieldError("outcome", $"“{TextNormalizer.Truncate(outcome)}” is no outcome; use won or lost."));
        }
    }

    private static int Attributes(JsonElement value, DraftBuilder builder, List<FieldError> errors)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            if (value.ValueKind != JsonValueKind.Null)
            {
                errors.Add(new FieldError("attributes", $"attributes is {Name(value)}; it must be an object of names and values."));
            }

            return 0;
        }

        return value.EnumerateObject().Sum(property => Custom(property.Name, property.Value, builder, errors));
    }

    private static int Custom(string name, JsonElement value, DraftBuilder builder, List<FieldError> errors)
    {
        var key = TextNormalizer.Clean(name);
        if (key is null || key.Length > 100)
        {
            errors.Add(new FieldError(name.Length > 40 ? name[..40] : name, "An attribute's name has 1 to 100 characters."));
            return 0;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String when value.GetString() is { } text:
                if (TextNormalizer.Clean(text) is { } clean)
                {
                    builder.Attributes.Text(JsonEncodedText.Encode(key), clean);
                }

                break;
            case JsonValueKind.Number when !double.IsFinite(value.GetDouble()):
                errors.Add(new FieldError(key, $"{key} is a number too large to work with."));
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                builder.Attributes.Element(key, value);
                break;
            case JsonValueKind.Array when value.GetArrayLength() <= 100 && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String):
                builder.Attributes.List(JsonEncodedText.Encode(key), value.EnumerateArray().Select(v => TextNormalizer.Company(v.GetString())).OfType<string>());
                break;
            case JsonValueKind.Null:
                break;
            default:
                errors.Add(new FieldError(key, $"{key} is {Name(value)}; an attribute is a string, a number, true or false, or a list of at most 100 strings."));
                break;
        }

        return 1;
    }

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a string",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
