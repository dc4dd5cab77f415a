using AIX.Core.Enrichment;
using AIX.Core.Learning;
using AIX.Core.Leads;
using AIX.Core.Pipeline;
using AIX.Core.Tenancy;
using AIX.Infrastructure;
using AIX.Infrastructure.Database;
using AIX.Infrastructure.Database.Embedded;
using AIX.Infrastructure.Pipeline;
using AIX.Infrastructure.Tenancy;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace AIX.Bench;

/// <summary>A PostgreSQL with the product's own settings, and the product's services on it.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly EmbeddedPostgres _postgres;
    private readonly ServiceProvider _services;
    private readonly string _folder;

    private BenchDatabase(EmbeddedPostgres postgres, ServiceProvider services, string folder) => (_postgres, _services, _folder) = (postgres, services, folder);

    public string ConnectionString => _postgres.ConnectionString;

    public IServiceProvider Services => _services;

    public DataSources Sources => _services.GetRequiredService<DataSources>();

    /// <param name="configure">Services in the place of the product's.</param>
    public static async Task<BenchDatabase> StartAsync(EnrichmentOptions? enrichment = null, Action<IServiceCollection>? configure = null)
    {
        var folder = Path.Combine("/var/tmp", $"aix-bench-pg-{Environment.ProcessId}");
        var postgres = await EmbeddedPostgres.StartAsync(folder, null, throwaway: false, CancellationToken.None);
        var strings = DatabaseStartup.Derive(postgres.ConnectionString, new DatabaseOptions());
        await DatabaseStartup.PrepareAsync(strings, CancellationToken.None);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton(new IntakeOptions());
        services.AddSingleton(new PipelineOptions());
        services.AddSingleton(new LearningOptions());
        services.AddSingleton(enrichment ?? new EnrichmentOptions());
        services.AddSingleton(new AIX.Core.Text.TextOptions());
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        configure?.Invoke(services);
        services.AddSingleton<IRescoringSchedule, NoSchedule>();
        services.AddDatabase(strings).AddTenancy().AddUsers().AddLeads().AddReview().AddScoring().AddLearning().AddPipeline(new NodeIdentity("bench")).AddLive();
        return new BenchDatabase(postgres, services.BuildServiceProvider(), folder);
    }

    public Task<TenantId> TenantAsync(string slug) => _services.GetRequiredService<TenantProvisioner>().CreateAsync(slug, slug, null, CancellationToken.None);

    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var connection = await Sources.Owner.OpenConnectionAsync();
        await using var command = connection.Command(sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A bench runs what it measures itself.</summary>
    private sealed class NoSchedule : IRescoringSchedule
    {
        public Task RequestAsync(TenantId tenant, CancellationToken ct) => Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, true);
    }
}
