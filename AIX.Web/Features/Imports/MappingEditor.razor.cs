using AIX.Core.Leads;
using AIX.Core.Leads.Import;
using AIX.Core.Tenancy;
using AIX.Web.Api;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace AIX.Web.Features.Imports;

/// <summary>Second step: which column goes where, with the first rows beside it. A wrong guess of the format is mended here and the file read again.</summary>
public sealed partial class MappingEditor(StageImport stage, CheckImport check, StartImport start, ICurrentTenant current, AuthenticationStateProvider authentication) : ComponentBase
{
    private static readonly (string, string)[] Delimiters = [(",", "delimiter.comma"), (";", "delimiter.semicolon"), ("\t", "delimiter.tab"), ("|", "delimiter.pipe")];
    private static readonly string[] Encodings = ["utf-8", "utf-16", "utf-16BE", "windows-1252"];
    private static readonly LeadField[] Fields = [.. Enum.GetValues<LeadField>().Where(f => f != LeadField.None)];

    private ImportPreview? _preview;
    private CsvFormat _format = new(',', "utf-8", true);
    private ColumnMapping[] _columns = [];
    private bool _dayFirst = true;
    private ImportCheck? _check;
    private bool _busy;
    private string? _error;

    [Parameter, EditorRequired]
    public ImportProgress Import { get; set; } = default!;

    [Parameter, EditorRequired]
    public EventCallback Started { get; set; }

    /// <summary>Whether a check stands for the mapping as it is now.</summary>
    [Parameter]
    public EventCallback<bool> Checked { get; set; }

    /// <summary>Lines of the file less its header: an estimate, because quoted cells may hold lines of their own.</summary>
    private int Rows => Math.Max(0, (Import.RowsExpected ?? _preview!.Rows.Count) - (_format.HasHeader ? 1 : 0));

    protected override Task OnInitializedAsync() => RereadAsync(null);

    private async Task RereadAsync(CsvFormat? format)
    {
        var preview = await stage.PreviewAsync(Import.Id, format, CancellationToken.None);
        if (!preview.IsOk)
        {
            _error = preview.Error.Message;
            return;
        }

        await ChangeAsync(() => _error = null);
        _preview = preview.Value;
        _format = _preview.Suggested.Format;
        _dayFirst = _preview.Suggested.DayFirst;
        _columns = [.. _preview.Suggested.Columns];
    }

    /// <summary>A change of the mapping makes an earlier check void.</summary>
    private Task ChangeAsync(Action change)
    {
        change();
        _check = null;
        return Checked.InvokeAsync(false);
    }

    private async Task CheckAsync()
    {
        _busy = true;
        StateHasChanged();
        _check = await check.ExecuteAsync(current.Id!.Value, Import.Id, new ImportMapping(_format, _dayFirst, _columns), CancellationToken.None);
        _busy = false;
        await Checked.InvokeAsync(true);
    }

    private async Task StartAsync()
    {
        _busy = true;
        var actor = Claims.ActorOf((await authentication.GetAuthenticationStateAsync()).User);
        var result = await start.ExecuteAsync(current.Id!.Value, actor, Import.Id, new ImportMapping(_format, _dayFirst, _columns), CancellationToken.None);
        _busy = false;
        _error = result.IsOk ? null : result.Error.Message;
        if (result.IsOk)
        {
            await Started.InvokeAsync();
        }
    }

    private void Retarget(int index, string target)
    {
        var column = _columns[index];
        _columns[index] = target switch
        {
            "ignore" => column with { Field = LeadField.None, Attribute = null },
            "attribute" => column with { Field = LeadField.None, Attribute = column.Column.Length > 100 ? column.Column[..100] : column.Column },
            _ => column with { Field = Enum.Parse<LeadField>(target), Attribute = null },
        };
    }

    private IEnumerable<string> Samples(int column) =>
        _preview!.Rows.Where(r => column < r.Count && !string.IsNullOrWhiteSpace(r[column])).Select(r => r[column].Length > 80 ? r[column][..80] : r[column]).Distinct().Take(2);

    private static string Target(ColumnMapping column) => column.Field != LeadField.None ? column.Field.ToString() : column.Attribute is null ? "ignore" : "attribute";

    private static string TypeOf(LeadField field) => field switch
    {
        LeadField.Email => "Email",
        LeadField.Phone => "Phone",
        LeadField.Employees or LeadField.Revenue => "Number",
        LeadField.CreatedAt or LeadField.OutcomeDate => "Date",
        LeadField.Technologies => "List",
        LeadField.Outcome => "Outcome",
        _ => "Text",
    };
}
