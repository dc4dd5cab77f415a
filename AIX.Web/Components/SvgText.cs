using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace AIX.Web.Components;

/// <summary>SVG's text element: in Razor the tag means something else.</summary>
public sealed class SvgText : ComponentBase
{
    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>Full text, shown on hover.</summary>
    [Parameter]
    public string? Title { get; set; }

    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddMultipleAttributes(1, Attributes);
        if (Title is not null)
        {
            builder.OpenElement(2, "title");
            builder.AddContent(3, Title);
            builder.CloseElement();
        }

        builder.AddContent(4, Text);
        builder.CloseElement();
    }
}
