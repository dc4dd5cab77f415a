using System.Text.Json;
using AIX.Core.Leads;
using AIX.Core.Leads.Import;
using AIX.Core.Learning;
using AIX.Core.Pipeline;
using AIX.Core.Tenancy;
using AIX.Infrastructure;
using AIX.Infrastructure.Database;
using AIX.Infrastructure.Pipeline;
using AIX.Infrastructure.Tenancy;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AIX.Tests.Support;

/// <summary>A test class with a database of its own and the product's services on it; no background workers.</summary>
public abstract class DatabaseTest : IAsyncLifetime
{
    private ServiceProvider _services = null!;

    internal ManualTime Time { get; } = new();

    internal DataSources Sources => _services.GetRequiredService<DataSources>();

    internal TenantId Acme { get; private set; }

    internal TenantId Globex { get; private set; }

    internal PipelineOptions PipelineOptions { get; } = new();

    internal AIX.Core.Enrichment.EnrichmentOptions EnrichmentOptions { get; } = new();

    internal AIX.Core.Text.TextOptions TextOptions { get; } = new();

    /// <summary>Services of a test in the place of the product's.</summary>
    internal virtual void AddServices(IServiceCollection services)
    {
    }

    /// <summary>Tenants for which a re-scoring was requested; tests run it themselves.</summary>
    internal List<TenantId> Rescorings { get; } = [];

    /// <summary>Trainings that were requested, and why.</summary>
    internal List<(TenantId Tenant, string Trigger)> Trainings { get; } = [];

    public async Task InitializeAsync()
    {
        var strings = DatabaseStartup.Derive(await TestCluster.CreateDatabaseAsync(), new DatabaseOptions());
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(new IntakeOptions { DemoBlockIsMobile = true, ImportChunkRows = 100 });
        services.AddSingleton(PipelineOptions);
        services.AddSingleton(new LearningOptions());
        services.AddSingleton(EnrichmentOptions);
        services.AddSingleton(TextOptions);
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        AddServices(services);
        services.AddSingleton<IRescoringSchedule>(new RecordedSchedule(Rescorings, Trainings));
        services.AddSingleton<ITrainingSchedule>(new RecordedSchedule(Rescorings, Trainings));
        services.AddDatabase(strings).AddTenancy().AddUsers().AddLeads().AddReview().AddScoring().AddLearning().AddPipeline(new NodeIdentity("test")).AddLive();
        _services = services.BuildServiceProvider();
        Acme = await Get<TenantProvisioner>().CreateAsync("Acme", "acme", null, CancellationToken.None);
        Globex = await Get<TenantProvisioner>().CreateAsync("Globex", "globex", null, CancellationToken.None);
    }

    public async Task DisposeAsync() => await _services.DisposeAsync();

    internal T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A scope that works for a tenant.</summary>
    internal IServiceScope For(TenantId tenant)
    {
        var scope = _services.CreateScope();
        scope.ServiceProvider.GetRequiredService<CurrentTenant>().Set(tenant);
        return scope;
    }

    internal async Task<IReadOnlyList<IntakeItem>> SubmitAsync(TenantId tenant, params object[] leads)
    {
        using var scope = For(tenant);
        var result = await scope.ServiceProvider.GetRequiredService<SubmitLeads>().ExecuteAsync(tenant, SourceKind.Api, null, JsonSerializer.SerializeToElement(leads), CancellationToken.None);
        Assert.True(result.IsOk, result.Error?.Message);
        return result.Value;
    }

    /// <summary>Uploads, starts with the mapping (or the suggested one) and runs an import to its end.</summary>
    internal async Task<ImportProgress> ImportAsync(TenantId tenant, byte[] file, Func<ImportMapping, ImportMapping>? change = null)
    {
        using var scope = For(tenant);
        var services = scope.ServiceProvider;
        var id = (await services.GetRequiredService<StageImport>().UploadAsync(tenant, null, "test.csv", new MemoryStream(file), CancellationToken.None)).Value;
        var mapping = change is null ? null : change((await services.GetRequiredService<StageImport>().PreviewAsync(id, null, CancellationToken.None)).Value!.Suggested);
        var started = await services.GetRequiredService<StartImport>().ExecuteAsync(tenant, Core.Auditing.Actor.System, id, mapping, CancellationToken.None);
        Assert.True(started.IsOk, started.Error?.Message);
        var claim = await services.GetRequiredService<IImportStore>().ClaimAsync(Time.GetUtcNow(), RunImport.Lease, CancellationToken.None);
        await services.GetRequiredService<RunImport>().ExecuteAsync(claim!, CancellationToken.None);
        return (await services.GetRequiredService<IImportQueries>().GetAsync(id, CancellationToken.None))!;
    }

    /// <summary>Works off everything that is ready.</summary>
    internal async Task<int> DrainAsync()
    {
        var done = 0;
        while (await Get<IPipelineQueue>().ClaimAsync(500, TimeSpan.FromMinutes(1), CancellationToken.None) is { } batch)
        {
            await Get<RunStages>().ExecuteAsync(batch, CancellationToken.None);
            done += batch.Runs.Count;
        }

        return done;
    }

    /// <summary>As the owner, past both walls.</summary>
    internal async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var connection = await Sources.Owner.OpenConnectionAsync();
        await using var command = connection.Command(sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    internal async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var connection = await Sources.Owner.OpenConnectionAsync();
        await using var command = connection.Command(sql, values);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class RecordedSchedule(List<TenantId> rescorings, List<(TenantId, string)> trainings) : IRescoringSchedule, ITrainingSchedule
    {
        public Task RequestAsync(TenantId tenant, CancellationToken ct)
        {
            rescorings.Add(tenant);
            return Task.CompletedTask;
        }

        public Task RequestAsync(TenantId tenant, Core.Auditing.Actor actor, string trigger, IReadOnlySet<string> accepted, CancellationToken ct)
        {
            trainings.Add((tenant, trigger));
            return Task.CompletedTask;
        }
    }
}
