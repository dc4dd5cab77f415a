using System.Net.Http.Json;
using System.Text.Json;
using AIX.Core.Text;
using Microsoft.Extensions.Logging;

namespace AIX.Infrastructure.Text;

/// <summary>An endpoint that speaks OpenAI's protocol (<c>POST /chat/completions</c>), asked for JSON at temperature 0.</summary>
internal sealed partial class OpenAiLanguageModel(HttpClient http, TextOptions options, ILogger<OpenAiLanguageModel> logger) : ILanguageModel
{
    private const int MaxAnswer = 100_000;

    public string? Name => options.ChatUrl.Length == 0 ? null : options.ChatModel;

    public async Task<string?> CompleteAsync(string system, string user, CancellationToken ct)
    {
        if (Name is null)
        {
            return null;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(TimeSpan.FromSeconds(options.TimeoutSeconds));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{options.ChatUrl.TrimEnd('/')}/chat/completions")
            {
                Content = JsonContent.Create(new
                {
                    model = options.ChatModel,
                    temperature = 0,
                    response_format = new { type = "json_object" },
                    messages = new[] { new { role = "system", content = system }, new { role = "user", content = user } },
                }),
            };
            if (options.ChatKey.Length > 0)
            {
                request.Headers.Authorization = new("Bearer", options.ChatKey);
            }

            using var response = await http.SendAsync(request, timeout.Token);
            response.EnsureSuccessStatusCode();
            using var answer = await response.Content.ReadFromJsonAsync<JsonDocument>(timeout.Token);
            var text = answer?.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
            return text?.Length > MaxAnswer ? null : text;
        }
        catch (Exception ex) when (ex is HttpRequestException or JsonException or IOException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException || (ex is OperationCanceledException && !ct.IsCancellationRequested))
        {
            Failed(ex);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The endpoint of the language model failed; AIX goes on without it")]
    private partial void Failed(Exception ex);
}
