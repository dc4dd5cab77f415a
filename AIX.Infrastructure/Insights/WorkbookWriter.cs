using System.Globalization;
using AIX.Core.Insights;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace AIX.Infrastructure.Insights;

internal sealed class WorkbookWriter : IWorkbookWriter
{
    public byte[] Write(IReadOnlyList<(string Name, IReadOnlyList<string> Header, IEnumerable<object[]> Rows)> sheets)
    {
        using var memory = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(memory, SpreadsheetDocumentType.Workbook))
        {
            var book = document.AddWorkbookPart();
            book.Workbook = new Workbook();
            var list = book.Workbook.AppendChild(new Sheets());
            for (var i = 0; i < sheets.Count; i++)
            {
                var part = book.AddNewPart<WorksheetPart>();
                var data = new SheetData();
                data.Append(RowOf(sheets[i].Header));
                data.Append(sheets[i].Rows.Select(r => RowOf(r)));
                part.Worksheet = new Worksheet(data);
                list.Append(new Sheet { Id = book.GetIdOfPart(part), SheetId = (uint)(i + 1), Name = sheets[i].Name });
            }
        }

        return memory.ToArray();
    }

    private static Row RowOf(IEnumerable<object> values) => new(values.Select(v => v is int or long or double or decimal
        ? new Cell { DataType = CellValues.Number, CellValue = new CellValue(Convert.ToString(v, CultureInfo.InvariantCulture)!) }
        : new Cell { DataType = CellValues.InlineString, InlineString = new InlineString(new DocumentFormat.OpenXml.Spreadsheet.Text(Clean(Convert.ToString(v, CultureInfo.InvariantCulture) ?? ""))) }));

    private static string Clean(string text) => string.Concat(text.Where(c => c >= ' ' || c is '\t' or '\n'));
}
