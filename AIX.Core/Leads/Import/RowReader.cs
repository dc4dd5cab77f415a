using System.Text.Json;
using AIX.Core.Leads.Intake;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads.Import;

/// <summary>A row that could not be taken, with its cells for the error file.</summary>
internal sealed record BadRow(int Row, string Column, string Message, string[] Cells);

/// <summary>Turns records of a file into drafts by a mapping.</summary>
internal sealed class RowReader(ImportMapping mapping, Tenant tenant, bool demoBlockIsMobile) : IDisposable
{
    private readonly ColumnMapping[] _columns = [.. mapping.Columns];
    private readonly JsonEncodedText[] _keys = [.. mapping.Columns.Select(c => JsonEncodedText.Encode(c.Attribute ?? "", System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
    private readonly bool _mended = mapping.Columns.Any(c => c.Column == ImportErrorFile.ErrorColumn);
    private readonly DraftBuilder _builder = new(tenant, demoBlockIsMobile) { DayFirst = mapping.DayFirst };

    public (LeadDraft? Draft, BadRow? Bad) Read(CsvReader csv, int row)
    {
        if (csv.Problem is { } problem)
        {
            return (null, new BadRow(row, "", $"Row {row}: {problem}.", [csv.Raw]));
        }

        var cells = csv.Fields;
        if (cells.Count != _columns.Length && !OnlyEmptyBeyond(cells))
        {
            return (null, Bad(row, cells, "", $"Row {row} has {cells.Count} columns, the file has {_columns.Length}."));
        }

        _builder.Begin(row);
        for (var i = 0; i < _columns.Length && i < cells.Count; i++)
        {
            var cell = cells[i];
            if (cell.Length == 0 || _columns[i].Ignored)
            {
                continue;
            }

            cell = _mended ? ImportErrorFile.Undefuse(cell) : cell;
            if (cell.Contains('\0', StringComparison.Ordinal))
            {
                return (null, Bad(row, cells, _columns[i].Column, $"Row {row}, column “{_columns[i].Column}”: the cell holds a NUL byte; remove it or export the file as UTF-8 text."));
            }

            if (_columns[i].Field != LeadField.None)
            {
                if (_builder.Set(_columns[i].Field, cell) is { } error)
                {
                    return (null, Bad(row, cells, _columns[i].Column, $"Row {row}, column “{_columns[i].Column}”: {error.Message}"));
                }
            }
            else
            {
                SetAttribute(i, cell);
            }
        }

        var draft = _builder.End(out var late);
        return late is null ? (draft, null) : (null, Bad(row, cells, ColumnOf(late.Field), $"Row {row}, column “{ColumnOf(late.Field)}”: {late.Message}"));
    }

    /// <summary>Header of the column that a standard field comes from.</summary>
    public string ColumnOf(string field) => Array.Find(_columns, c => c.Key == field)?.Column ?? field;

    public void Dispose() => _builder.Dispose();

    private void SetAttribute(int column, string cell)
    {
        if (TextNormalizer.Clean(cell) is not { } text)
        {
            return;
        }

        switch (_columns[column].Type)
        {
            case AttributeType.Number when ValueParser.TryNumber(text, out var number):
                _builder.Attributes.Number(_keys[column], number);
                break;
            case AttributeType.Boolean when ValueParser.TryBoolean(text, out var boolean):
                _builder.Attributes.Boolean(_keys[column], boolean);
                break;
            case AttributeType.Date when ValueParser.TryDate(text, mapping.DayFirst, out var date):
                _builder.Attributes.Text(_keys[column], date.ToString(date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ssK", System.Globalization.CultureInfo.InvariantCulture));
                break;
            case AttributeType.List:
                _builder.Attributes.List(_keys[column], text.Split([';', '|'], 100, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
                break;
            default:
                _builder.Attributes.Text(_keys[column], text);
                break;
        }
    }

    /// <summary>Spreadsheets pad rows with empty cells, or drop the last empty ones; neither loses anything.</summary>
    private bool OnlyEmptyBeyond(IReadOnlyList<string> cells)
    {
        for (var i = _columns.Length; i < cells.Count; i++)
        {
            if (cells[i].Length > 0)
            {
                return false;
            }
        }

        return cells.Count > _columns.Length;
    }

    private static BadRow Bad(int row, IReadOnlyList<string> cells, string column, string message) => new(row, column, message, [.. cells]);
}
