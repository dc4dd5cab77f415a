using AIX.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;

namespace AIX.Web.Features.Imports;

/// <summary>First step of the wizard: choose a file; it becomes a draft import with an address of its own, which survives reloads.</summary>
public sealed partial class NewImportPage(IJSRuntime js, NavigationManager navigation, AntiforgeryStateProvider antiforgery, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private DotNetObjectReference<NewImportPage>? _self;
    private double? _progress;
    private string? _refused;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            await js.InvokeVoidAsync("aix.dropZone", "import-zone", "import-file");
        }
    }

    public void Dispose() => _self?.Dispose();

    [JSInvokable]
    public void OnProgress(double share)
    {
        _progress = share;
        StateHasChanged();
    }

    [JSInvokable]
    public void OnUploaded(Guid id) => navigation.NavigateTo($"/imports/{id}");

    [JSInvokable]
    public void OnRefused(string reason)
    {
        _progress = null;
        _refused = reason.Length > 0 ? reason : texts["import.broken"];
        StateHasChanged();
    }

    private async Task UploadAsync()
    {
        (_progress, _refused) = (0, null);
        await js.InvokeVoidAsync("aix.upload", "import-file", antiforgery.GetAntiforgeryToken()?.Value ?? "", _self);
    }
}
