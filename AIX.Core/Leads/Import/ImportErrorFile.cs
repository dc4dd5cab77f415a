using System.Text;

namespace AIX.Core.Leads.Import;

/// <summary>The error file of an import: the columns of the file, the row number and what is wrong. Mended, it can be imported again.</summary>
public static class ImportErrorFile
{
    public const string ErrorColumn = "AIX error";
    public const string RowColumn = "AIX row";

    /// <summary>One line of CSV, UTF-8 text, CRLF. Cells that a spreadsheet would run as a formula are defused by a leading apostrophe.</summary>
    public static string Line(IEnumerable<string> cells)
    {
        var line = new StringBuilder();
        foreach (var cell in cells)
        {
            if (line.Length > 0)
            {
                line.Append(',');
            }

            var text = IsFormula(cell) ? "'" + cell : cell;
            line.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        return line.Append("\r\n").ToString();
    }

    /// <summary>Takes the apostrophe off again when a mended error file comes back.</summary>
    public static string Undefuse(string cell) => cell.Length > 1 && cell[0] == '\'' && IsFormula(cell[1..]) ? cell[1..] : cell;

    /// <summary>Starts like a formula of Excel, LibreOffice or Sheets (OWASP, CSV injection); a plain signed number does not.</summary>
    public static bool IsFormula(string cell) =>
        cell.Length > 0 && (cell[0] is '=' or '@' or '\t' or '\r' || (cell[0] is '+' or '-' && !cell.AsSpan(1).Trim().ToString().All(c => char.IsDigit(c) || c is ' ' or '.' or ',' or '-' or '(' or ')')));
}
