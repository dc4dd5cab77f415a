namespace AIX.Core.Leads;

/// <summary>What a column or JSON property may mean. Everything else is a custom attribute.</summary>
public enum LeadField
{
    None,
    Name,
    FirstName,
    LastName,
    Email,
    Phone,
    Company,
    Website,
    Title,
    City,
    Region,
    Country,
    Industry,
    Employees,
    Revenue,
    Technologies,
    Language,
    LeadSource,
    ExternalId,
    CreatedAt,
    Outcome,
    OutcomeDate,
}

/// <summary>Names of fields as they stand in facts, errors and the API.</summary>
public static class LeadFields
{
    /// <summary>Attribute key of a standard field: <c>name</c>, <c>externalId</c> …</summary>
    public static string KeyOf(LeadField field) => char.ToLowerInvariant(field.ToString()[0]) + field.ToString()[1..];

    /// <summary>Standard fields that are stored among the attributes, not in a column of their own.</summary>
    public static bool IsAttribute(LeadField field) => field is LeadField.Region or LeadField.Industry or LeadField.Employees
        or LeadField.Revenue or LeadField.Technologies or LeadField.Language or LeadField.LeadSource;
}
