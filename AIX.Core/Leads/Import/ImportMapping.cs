namespace AIX.Core.Leads.Import;

/// <summary>Where a column of the file goes.</summary>
/// <param name="Column">Its header, or <c>Column 3</c> in a file without one.</param>
/// <param name="Field">A standard field; <see cref="LeadField.None"/> for a custom attribute or an ignored column.</param>
/// <param name="Attribute">Key of the custom attribute; null when standard or ignored.</param>
/// <param name="Type">Type of the custom attribute.</param>
/// <param name="Rule">What happens when the lead is already known.</param>
public sealed record ColumnMapping(string Column, LeadField Field, string? Attribute, AttributeType Type, CollisionRule Rule)
{
    public bool Ignored => Field == LeadField.None && Attribute is null;

    /// <summary>Key under which the value is stored and cited.</summary>
    public string? Key => Field != LeadField.None ? LeadFields.KeyOf(Field) : Attribute;
}

/// <summary>How a file is read.</summary>
/// <param name="DayFirst">11/12/2026 is 11 December.</param>
public sealed record ImportMapping(CsvFormat Format, bool DayFirst, IReadOnlyList<ColumnMapping> Columns);

/// <summary>What the first rows of a file show: its format, columns with sample values, and the suggested mapping.</summary>
public sealed record ImportPreview(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, ImportMapping Suggested);
