using AIX.Core.Enrichment;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace AIX.Infrastructure.Enrichment;

/// <summary>A source behind a time limit and a circuit breaker. What it throws becomes "not measured": a dead source never stops a lead.</summary>
internal sealed class ResilientSource : IEnrichmentSource
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(30);

    private readonly IEnrichmentSource _source;
    private readonly ResiliencePipeline<SourceAnswer> _pipeline;

    public ResilientSource(IEnrichmentSource source, EnrichmentOptions options)
    {
        _source = source;
        _pipeline = new ResiliencePipelineBuilder<SourceAnswer>()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<SourceAnswer>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = Break,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome is { Exception: not (null or OperationCanceledException) } or { Result: { Kind: AnswerKind.NotMeasured, RetryAfter: null } }),
            })
            .AddTimeout(TimeSpan.FromSeconds(options.TimeoutSeconds))
            .Build();
    }

    public SourceDescription Description => _source.Description;

    public bool CanAsk(SourceQuestion question) => _source.CanAsk(question);

    public async Task<SourceAnswer> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        try
        {
            return await _pipeline.ExecuteAsync(async token => await _source.AskAsync(question, token), ct);
        }
        catch (BrokenCircuitException)
        {
            return SourceAnswer.NotMeasured("The source has failed too often; it is left alone for half a minute.", Break);
        }
        catch (TimeoutRejectedException)
        {
            return SourceAnswer.NotMeasured("The source did not answer in time.");
        }
        catch (Exception ex) when (!ct.IsCancellationRequested)
        {
            return SourceAnswer.NotMeasured(ex.Message);
        }
    }
}
