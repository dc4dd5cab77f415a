using System.ComponentModel.DataAnnotations;

namespace AIX.Core.Text;

/// <summary>Language models. Everything works without; each is an endpoint that speaks OpenAI's protocol, inside the own network or outside.</summary>
public sealed class TextOptions
{
    public const string Section = "Text";

    /// <summary>Address that ends before <c>/embeddings</c>, for instance http://localhost:11434/v1. Empty: AIX's own embedder.</summary>
    public string EmbeddingsUrl { get; set; } = "";

    public string EmbeddingsModel { get; set; } = "all-MiniLM-L6-v2";

    public string EmbeddingsKey { get; set; } = "";

    /// <summary>Numbers of a vector of that model.</summary>
    [Range(8, 8192)]
    public int EmbeddingsSize { get; set; } = 384;

    /// <summary>Address that ends before <c>/chat/completions</c>. Empty: texts are written by rule.</summary>
    public string ChatUrl { get; set; } = "";

    public string ChatModel { get; set; } = "";

    public string ChatKey { get; set; } = "";

    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 20;
}
