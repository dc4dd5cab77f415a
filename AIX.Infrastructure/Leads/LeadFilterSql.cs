using System.Globalization;
using System.Text.RegularExpressions;
using AIX.Core.Leads;
using Npgsql;

namespace AIX.Infrastructure.Leads;

/// <summary>A filter as SQL over <c>l</c> (leads) and <c>st</c> (standings). $1 is the tenant.</summary>
internal static partial class LeadFilterSql
{
    private static readonly string[] Fields = ["name", "company", "domain", "title", "city", "country"];

    /// <param name="matches">Leads that the filter's text was found in; null where it is to be looked for row by row, or where there is none.</param>
    public static string Where(NpgsqlCommand command, LeadFilter filter, Guid[]? matches)
    {
        var sql = "";
        void And(string condition) => sql += " AND " + condition;
        if (filter.Band is { } band)
        {
            And($"st.shown_band = {Add(command, (short)band)}");
        }

        if (filter.Uncertain is { } uncertain)
        {
            And(uncertain ? "st.uncertain" : "NOT st.uncertain");
        }

        if (filter.ImportId is { } import)
        {
            And($"l.source_id = {Add(command, import)}");
        }

        if (filter.State is { } state)
        {
            And($"st.state = {Add(command, (short)state)}");
        }

        if (filter.OwnerId is { } owner)
        {
            And($"st.owner_id = {Add(command, owner)}");
        }

        if (filter.Unowned)
        {
            And("st.owner_id IS NULL");
        }

        if (filter.Overridden)
        {
            And("st.override_band IS NOT NULL");
        }

        if (filter.InReview)
        {
            And("EXISTS (SELECT 1 FROM aix.review_items ri WHERE ri.tenant_id = $1 AND ri.lead_id = st.lead_id)");
        }

        if (!string.IsNullOrWhiteSpace(filter.Tag))
        {
            And($"EXISTS (SELECT 1 FROM aix.lead_tags lt WHERE lt.tenant_id = $1 AND lt.lead_id = st.lead_id AND lt.tag = {Add(command, filter.Tag.Trim())})");
        }

        if (filter.ScoreFrom is { } from)
        {
            And($"st.score_order >= {Add(command, from)}");
        }

        if (filter.ScoreTo is { } to)
        {
            And($"st.score_order <= {Add(command, to)} AND st.score_order >= 0");
        }

        if (filter.DueBy is { } due)
        {
            And($"st.next_due_at <= {Add(command, due)}");
        }

        if (filter.ReceivedFrom is { } receivedFrom)
        {
            And($"l.created_at >= {Add(command, receivedFrom)}");
        }

        if (filter.ReceivedTo is { } receivedTo)
        {
            And($"l.created_at < {Add(command, receivedTo)}");
        }

        foreach (var (column, text) in new[] { ("company", filter.Company), ("city", filter.City), ("country", filter.Country), ("title", filter.Title) })
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                And($"lower(l.{column}) LIKE {Add(command, Pattern(text))}");
            }
        }

        if (filter.TouchedBefore is { } touched)
        {
            And($"(st.touched_at IS NULL OR st.touched_at < {Add(command, touched)})");
        }

        if (!string.IsNullOrWhiteSpace(filter.WithoutTag))
        {
            And($"NOT EXISTS (SELECT 1 FROM aix.lead_tags lt WHERE lt.tenant_id = $1 AND lt.lead_id = st.lead_id AND lt.tag = {Add(command, filter.WithoutTag.Trim())})");
        }

        if (filter.Called?.Split('-') is [var weekday, var hour] && int.TryParse(weekday, CultureInfo.InvariantCulture, out var d) && int.TryParse(hour, CultureInfo.InvariantCulture, out var h))
        {
            And($"EXISTS (SELECT FROM aix.calls k WHERE k.tenant_id = $1 AND k.lead_id = st.lead_id AND extract(isodow FROM k.created_at AT TIME ZONE 'Asia/Kolkata') = {Add(command, d + 1)} AND extract(hour FROM k.created_at AT TIME ZONE 'Asia/Kolkata') = {Add(command, h)})");
        }

        foreach (var condition in filter.Facts ?? [])
        {
            And(Fact(command, condition));
        }

        if (filter.Ids is { } ids)
        {
            And($"st.lead_id = ANY({Add(command, ids.ToArray())})");
        }

        if (matches is not null)
        {
            And($"l.id = ANY({Add(command, matches)})");
        }
        else if (!string.IsNullOrWhiteSpace(filter.Query))
        {
            And($"EXISTS (SELECT 1 FROM aix.lead_search s WHERE s.tenant_id = l.tenant_id AND s.lead_id = l.id AND s.text LIKE {Add(command, QueryPattern(filter.Query))} OFFSET 0)");
        }

        return sql;
    }

    /// <summary>A field of the row, an attribute of it, or a fact that stands.</summary>
    private static string Fact(NpgsqlCommand command, FactCondition condition)
    {
        var values = Fields.Contains(condition.Attribute)
            ? $"SELECT l.{condition.Attribute} AS v"
            : $"SELECT l.attributes->>{Add(command, condition.Attribute)} AS v UNION ALL SELECT f.value FROM aix.facts f WHERE f.tenant_id = $1 AND f.lead_id = st.lead_id AND f.attribute = {Add(command, condition.Attribute)} AND NOT f.superseded";
        string Any(string test) => $"EXISTS (SELECT 1 FROM ({values}) x WHERE x.v IS NOT NULL AND {test})";
        string Number(string op) => double.TryParse(condition.Value, CultureInfo.InvariantCulture, out var number) ? Any($"x.v ~ '^-?[0-9]+([.][0-9]+)?$' AND CASE WHEN x.v ~ '^-?[0-9]+([.][0-9]+)?$' THEN x.v::float8 {op} {Add(command, number)} END") : "false";
        return condition.Operator switch
        {
            FactOperator.Is => Any($"lower(x.v) = {Add(command, condition.Value.Trim().ToLowerInvariant())}"),
            FactOperator.IsNot => "NOT " + Any($"lower(x.v) = {Add(command, condition.Value.Trim().ToLowerInvariant())}"),
            FactOperator.Contains => Any($"lower(x.v) LIKE {Add(command, Pattern(condition.Value))}"),
            FactOperator.AtLeast => Number(">="),
            FactOperator.AtMost => Number("<="),
            FactOperator.IsKnown => Any("x.v <> ''"),
            _ => "NOT " + Any("x.v <> ''"),
        };
    }

    /// <summary>Rows after the last one of the page before.</summary>
    public static string After(NpgsqlCommand command, IReadOnlyList<SortKey> keys, IReadOnlyList<string> values, Guid id)
    {
        var tie = $"st.lead_id {(keys[^1].Descending ? "<" : ">")} {Add(command, id)}";
        for (var i = keys.Count - 1; i >= 0; i--)
        {
            var value = $"{Add(command, values[i])}::text{(keys[i].Type == typeof(string) ? " COLLATE \"C\"" : keys[i].Cast)}";
            var (past, upTo) = keys[i].Descending ? ("<", "<=") : (">", ">=");

            // The first comparison alone bounds an index scan; the second decides.
            tie = $"({keys[i].Column} {upTo} {value} AND ({keys[i].Column} {past} {value} OR {tie}))";
        }

        return " AND " + tie;
    }

    public static string Add(NpgsqlCommand command, object value)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value });
        return "$" + command.Parameters.Count.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What people type for a phone is looked for by its digits.</summary>
    public static string QueryPattern(string query) => PhoneLike().IsMatch(query) ? Pattern(string.Concat(query.Where(char.IsAsciiDigit)).TrimStart('0')) : Pattern(query);

    /// <summary>LIKE pattern of the text, taken literally.</summary>
    public static string Pattern(string query)
    {
        var text = query.Trim().ToLowerInvariant().Replace("\0", "", StringComparison.Ordinal);
        text = text.Length > 100 ? text[..100] : text;
        return "%" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
    }

    [GeneratedRegex(@"^\s*\+?[\d\s().-]{4,}$")]
    private static partial Regex PhoneLike();
}
