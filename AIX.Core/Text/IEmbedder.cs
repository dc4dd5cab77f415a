namespace AIX.Core.Text;

/// <summary>Turns texts into vectors whose inner product says how alike they are.</summary>
public interface IEmbedder
{
    /// <summary>Stable name with version: vectors of another embedder are not comparable.</summary>
    string Name { get; }

    /// <summary>Numbers of a vector.</summary>
    int Dimensions { get; }

    /// <summary>One vector of unit length per text, in order; zeros for a text without any word.</summary>
    Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken ct);
}
