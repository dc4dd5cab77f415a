using System.Text;
using AIX.Core.Leads.Intake;

namespace AIX.Core.Leads.Import;

/// <summary>Suggests a mapping from headers in English and Hindi and from what the first rows hold.</summary>
internal static class MappingSuggester
{
    private static readonly Dictionary<string, LeadField> Headers = Build(
        (LeadField.Name, "name|fullname|leadname|contactname|personname|customername|contact|contactperson|नाम|पूरानाम"),
        (LeadField.FirstName, "firstname|fname|givenname|पहलानाम"),
        (LeadField.LastName, "lastname|lname|surname|familyname|उपनाम"),
        (LeadField.Email, "email|emailid|emailaddress|mail|mailid|workemail|businessemail|contactemail|ईमेल|ईमेलआईडी"),
        (LeadField.Phone, "phone|phoneno|phonenumber|mobile|mobileno|mobilenumber|cell|contactno|contactnumber|telephone|tel|whatsapp|whatsappnumber|मोबाइल|मोबाइलनंबर|फोन|फ़ोन|फोननंबर"),
        (LeadField.Company, "company|companyname|organisation|organization|organisationname|organizationname|account|accountname|firm|firmname|business|businessname|employer|कंपनी|कम्पनी|फर्म"),
        (LeadField.Website, "website|companywebsite|domain|companydomain|url|site|web|webaddress|वेबसाइट"),
        (LeadField.Title, "title|jobtitle|designation|position|role|पद|पदनाम"),
        (LeadField.City, "city|town|location|citypin|शहर"),
        (LeadField.Region, "state|region|province|stateprovince|राज्य"),
        (LeadField.Country, "country|countryname|countrycode|देश"),
        (LeadField.Industry, "industry|sector|vertical|segment|उद्योग"),
        (LeadField.Employees, "employees|employeecount|noofemployees|numberofemployees|staff|headcount|companysize|size|teamsize|कर्मचारी"),
        (LeadField.Revenue, "revenue|annualrevenue|turnover|annualturnover|sales|टर्नओवर"),
        (LeadField.Technologies, "technologies|technology|techstack|tools|software"),
        (LeadField.Language, "language|preferredlanguage|भाषा"),
        (LeadField.LeadSource, "leadsource|source|channel|utmsource|स्रोत"),
        (LeadField.ExternalId, "id|leadid|prospectid|externalid|contactid|recordid|crmid|customerid|uuid"),
        (LeadField.CreatedAt, "createdat|created|createddate|createdon|createdate|dateadded|leaddate|enquirydate|submittedat|metOn|firstmet|तारीख"),
        (LeadField.Outcome, "outcome|converted|conversion|won|iswon|dealoutcome|result|wonlost|परिणाम"),
        (LeadField.OutcomeDate, "outcomedate|closedate|closeddate|closedon|wondate|converteddate|conversiondate|dealclosed"));

    public static ImportMapping Suggest(CsvFormat format, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var taken = new HashSet<LeadField>();
        var mappings = new ColumnMapping[columns.Count];
        for (var i = 0; i < columns.Count; i++)
        {
            var field = Headers.GetValueOrDefault(KeyOf(columns[i]));
            if (field != LeadField.None && (field == LeadField.Phone || !taken.Contains(field)) && Fits(field, Values(rows, i)))
            {
                taken.Add(field);
                mappings[i] = new ColumnMapping(columns[i], field, null, AttributeType.Text, CollisionRule.FillIfBlank);
            }
        }

        for (var i = 0; i < columns.Count; i++)
        {
            mappings[i] ??= ByContent(columns[i], Values(rows, i), taken);
        }

        return new ImportMapping(format, IsDayFirst(rows), mappings);
    }

    public static string KeyOf(string header)
    {
        var key = new StringBuilder(header.Length);
        foreach (var c in header.Normalize(NormalizationForm.FormC))
        {
            if (char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark)
            {
                key.Append(char.ToLowerInvariant(c));
            }
        }

        return key.ToString();
    }

    public static AttributeType TypeOf(IEnumerable<string> values)
    {
        var (all, numbers, booleans, dates, lists) = (0, 0, 0, 0, 0);
        foreach (var raw in values)
        {
            if (TextNormalizer.Clean(raw) is not { } value)
            {
                continue;
            }

            all++;
            numbers += ValueParser.TryNumber(value, out _) ? 1 : 0;
            booleans += ValueParser.TryBoolean(value, out _) ? 1 : 0;
            dates += value.Length >= 8 && ValueParser.TryDate(value, true, out _) ? 1 : 0;
            lists += value.Contains(';', StringComparison.Ordinal) || value.Contains('|', StringComparison.Ordinal) ? 1 : 0;
        }

        return all switch
        {
            0 => AttributeType.Text,
            _ when dates >= all * 0.95 => AttributeType.Date,
            _ when numbers >= all * 0.95 => AttributeType.Number,
            _ when booleans >= all * 0.98 => AttributeType.Boolean,
            _ when lists >= all * 0.6 => AttributeType.List,
            _ => AttributeType.Text,
        };
    }

    /// <summary>A column that was added by an error file is read over, so that the mended file can be imported as it is.</summary>
    private static bool IsErrorColumn(string column) => column is ImportErrorFile.ErrorColumn or ImportErrorFile.RowColumn;

    private static ColumnMapping ByContent(string column, List<string> values, HashSet<LeadField> taken)
    {
        var field = values.Count < 3 ? LeadField.None
            : values.Count(v => v.Contains('@', StringComparison.Ordinal) && EmailNormalizer.Normalize(v) is { IsValid: true }) >= values.Count * 0.8 ? LeadField.Email
            : LeadField.None;
        if (field != LeadField.None && taken.Add(field))
        {
            return new ColumnMapping(column, field, null, AttributeType.Text, CollisionRule.FillIfBlank);
        }

        var key = TextNormalizer.Clean(column);
        return new ColumnMapping(column, LeadField.None, key is null || IsErrorColumn(column) ? null : key[..Math.Min(100, key.Length)], TypeOf(values), CollisionRule.FillIfBlank);
    }

    private static bool Fits(LeadField field, List<string> values) => field switch
    {
        LeadField.Outcome => values.Count == 0 || values.Count(v => ValueParser.Outcome(v) is not null) >= values.Count * 0.5,
        LeadField.OutcomeDate or LeadField.CreatedAt => values.Count == 0 || values.Count(v => ValueParser.TryDate(v, true, out _)) >= values.Count * 0.5,
        LeadField.ExternalId => values.Distinct(StringComparer.Ordinal).Count() >= values.Count * 0.9,
        _ => true,
    };

    private static List<string> Values(IReadOnlyList<IReadOnlyList<string>> rows, int column) =>
        [.. rows.Where(r => column < r.Count).Select(r => TextNormalizer.Clean(r[column])).OfType<string>()];

    /// <summary>Month first only when some date can be read in no other way (12/31/2026) and none speaks against it.</summary>
    private static bool IsDayFirst(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var (dayFirst, monthFirst) = (0, 0);
        foreach (var cell in rows.SelectMany(r => r))
        {
            var parts = cell.Split('/', '-', '.');
            if (parts.Length == 3 && int.TryParse(parts[0], out var a) && int.TryParse(parts[1], out var b) && a is > 0 and <= 31 && b is > 0 and <= 31)
            {
                dayFirst += a > 12 ? 1 : 0;
                monthFirst += b > 12 ? 1 : 0;
            }
        }

        return monthFirst == 0 || dayFirst >= monthFirst;
    }

    private static Dictionary<string, LeadField> Build(params (LeadField Field, string Names)[] table) =>
        table.SelectMany(t => t.Names.Split('|').Select(n => (Name: KeyOf(n), t.Field))).DistinctBy(t => t.Name).ToDictionary(t => t.Name, t => t.Field);
}
