using System.Net.Http.Json;
using System.Numerics.Tensors;
using System.Text.Json;
using AIX.Core.Text;
using Microsoft.Extensions.Logging;

namespace AIX.Infrastructure.Text;

/// <summary>Embeddings of an endpoint that speaks OpenAI's protocol (<c>POST /embeddings</c>), at most a hundred texts a call. Personal data is taken out before a text leaves.</summary>
internal sealed partial class OpenAiEmbedder(HttpClient http, TextOptions options, ILogger<OpenAiEmbedder> logger) : IEmbedder
{
    private const int PerCall = 100;

    public string Name => $"{options.EmbeddingsModel}/{options.EmbeddingsSize}";

    public int Dimensions => options.EmbeddingsSize;

    public async Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken ct)
    {
        var vectors = new List<float[]>(texts.Count);
        foreach (var chunk in texts.Chunk(PerCall))
        {
            vectors.AddRange(await CallAsync([.. chunk.Select(t => PiiRedactor.Redact(t, []).Text)], ct));
        }

        return vectors;
    }

    /// <summary>Zeros where the endpoint does not answer: a lead is scored without likeness rather than not at all.</summary>
    private async Task<IEnumerable<float[]>> CallAsync(string[] texts, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(TimeSpan.FromSeconds(options.TimeoutSeconds));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{options.EmbeddingsUrl.TrimEnd('/')}/embeddings") { Content = JsonContent.Create(new { model = options.EmbeddingsModel, input = texts.Select(t => t.Length == 0 ? " " : t) }) };
            if (options.EmbeddingsKey.Length > 0)
            {
                request.Headers.Authorization = new("Bearer", options.EmbeddingsKey);
            }

            using var response = await http.SendAsync(request, timeout.Token);
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<Answer>(timeout.Token);
            var ordered = answer?.Data?.OrderBy(d => d.Index).Select(d => d.Embedding).ToList();
            return ordered?.Count == texts.Length && ordered.TrueForAll(v => v?.Length == Dimensions) ? ordered.Select(Unit!) : Zeros(texts.Length);
        }
        catch (Exception ex) when (ex is HttpRequestException or JsonException or IOException || (ex is OperationCanceledException && !ct.IsCancellationRequested))
        {
            Failed(ex);
            return Zeros(texts.Length);
        }
    }

    private IEnumerable<float[]> Zeros(int count) => Enumerable.Range(0, count).Select(_ => new float[Dimensions]);

    private static float[] Unit(float[] vector)
    {
        var length = TensorPrimitives.Norm<float>(vector);
        if (length > 0 && float.IsFinite(length))
        {
            TensorPrimitives.Divide(vector, length, vector);
            return vector;
        }

        return new float[vector.Length];
    }

    [LoggerMessage(LogLevel.Warning, "The endpoint of the embeddings failed; AIX goes on without it")]
    private partial void Failed(Exception ex);

    private sealed record Answer(IReadOnlyList<Item>? Data);

    private sealed record Item(int Index, float[]? Embedding);
}
