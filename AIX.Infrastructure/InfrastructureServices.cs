using AIX.Core.Auditing;
using AIX.Core.Companies;
using AIX.Core.Engagement;
using AIX.Core.Enrichment;
using AIX.Core.Insights;
using AIX.Core.Leads;
using AIX.Core.Leads.Import;
using AIX.Core.Leads.Intake;
using AIX.Core.Learning;
using AIX.Core.Notifications;
using AIX.Core.Pipeline;
using AIX.Core.Profiles;
using AIX.Core.Scoring;
using AIX.Core.Review;
using AIX.Core.Routing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Core.Text;
using AIX.Core.Users;
using AIX.Infrastructure.Auditing;
using AIX.Infrastructure.Companies;
using AIX.Infrastructure.Database;
using AIX.Infrastructure.Demo;
using AIX.Infrastructure.Engagement;
using AIX.Infrastructure.Enrichment;
using AIX.Infrastructure.Enrichment.Http;
using AIX.Infrastructure.Insights;
using AIX.Infrastructure.Leads;
using AIX.Infrastructure.Learning;
using AIX.Infrastructure.Live;
using AIX.Infrastructure.Notifications;
using AIX.Infrastructure.Pipeline;
using AIX.Infrastructure.Profiles;
using AIX.Infrastructure.Review;
using AIX.Infrastructure.Routing;
using AIX.Infrastructure.Scheduling;
using AIX.Infrastructure.Scoring;
using AIX.Infrastructure.Tenancy;
using AIX.Infrastructure.Text;
using AIX.Infrastructure.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIX.Infrastructure;

/// <summary>One method per feature; called by AIX.Web/Composition and nobody else.</summary>
public static class InfrastructureServices
{
    public static IServiceCollection AddDatabase(this IServiceCollection services, ConnectionStrings strings)
    {
        services.TryAddSingleton(_ => new DataSources(strings));
        services.TryAddSingleton<IUnitOfWorkFactory, UnitOfWorkFactory>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DataProtectionRepository>();
        services.TryAddSingleton<IReadiness, DatabaseReadiness>();
        return services;
    }

    public static IServiceCollection AddTenancy(this IServiceCollection services)
    {
        services.TryAddScoped<CurrentTenant>();
        services.TryAddScoped<ICurrentTenant>(s => s.GetRequiredService<CurrentTenant>());
        services.TryAddSingleton<ITenantStore, TenantStore>();
        services.TryAddSingleton<TenantProvisioner>();
        services.TryAddSingleton<IAuditLog, AuditLog>();
        services.TryAddScoped<ChangeSettings>();
        return services;
    }

    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.TryAddScoped<IUserStore<User>, UserStore>();
        services.TryAddScoped<IApiKeyStore, ApiKeyStore>();
        services.TryAddScoped<ManageApiKeys>();
        services.TryAddSingleton<IPeople, People>();
        services.TryAddSingleton<INotificationQueries, NotificationQueries>();
        services.TryAddSingleton<IIdempotencyStore, IdempotencyStore>();
        return services;
    }

    public static IServiceCollection AddLeads(this IServiceCollection services)
    {
        services.TryAddSingleton<IIntakeStore, IntakeStore>();
        services.TryAddSingleton<IntakeLeads>();
        services.TryAddScoped<IImportStore, ImportStore>();
        services.TryAddScoped<IImportQueries, ImportQueries>();
        services.TryAddSingleton<LeadMemory>();
        services.TryAddScoped<ILeadQueries, LeadQueries>();
        services.TryAddScoped<IWebFormStore, WebFormStore>();
        services.TryAddSingleton<IOutcomeStore, OutcomeStore>();
        services.TryAddScoped(s => new SubmitLeads(s.GetRequiredService<IntakeLeads>(), s.GetRequiredService<ITenantStore>(), s.GetRequiredService<IntakeOptions>()));
        services.TryAddScoped(s => new StageImport(s.GetRequiredService<IImportStore>(), s.GetRequiredService<IntakeOptions>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddScoped(s => new CheckImport(
            s.GetRequiredService<IImportStore>(), s.GetRequiredService<IUnitOfWorkFactory>(), s.GetRequiredService<IIntakeStore>(), s.GetRequiredService<ITenantStore>(), s.GetRequiredService<IntakeOptions>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddScoped(s => new StartImport(s.GetRequiredService<StageImport>(), s.GetRequiredService<IImportStore>(), s.GetRequiredService<IAuditLog>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddScoped(s => new ManageImport(s.GetRequiredService<IImportStore>(), s.GetRequiredService<IImportQueries>(), s.GetRequiredService<IAuditLog>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddScoped<RunImport>();
        services.TryAddScoped<RecordOutcome>();
        services.TryAddScoped<RecordLabel>();
        services.TryAddSingleton<IEngagementStore, EngagementStore>();
        services.TryAddSingleton<RecordEngagement>();
        services.AddHostedService<ImportWorker>();
        return services;
    }

    public static IServiceCollection AddReview(this IServiceCollection services)
    {
        services.TryAddSingleton<IReviewStore, ReviewStore>();
        services.TryAddSingleton<ILeadWorkStore, LeadWorkStore>();
        services.TryAddScoped<ILeadWorkQueries, LeadWorkQueries>();
        services.TryAddSingleton<IViewStore, ViewStore>();
        services.TryAddSingleton<ManageViews>();
        services.TryAddSingleton<WorkLead>();
        services.TryAddSingleton<IBulkStore, BulkStore>();
        services.TryAddSingleton<BulkWork>();
        services.TryAddSingleton<IMergeStore, MergeStore>();
        services.TryAddSingleton<MergeLeads>();
        services.AddHostedService<BulkWorker>();
        services.TryAddScoped<ISampleLeads, SampleLeads>();
        services.TryAddSingleton<IDashboardQueries, DashboardQueries>();
        services.TryAddSingleton<OverrideScore>();
        services.TryAddSingleton<DecideReview>();
        services.TryAddSingleton<UndoReview>();
        services.TryAddSingleton<SendToReview>();
        return services;
    }

    public static IServiceCollection AddScoring(this IServiceCollection services)
    {
        services.TryAddSingleton<IProfileStore, ProfileStore>();
        services.TryAddSingleton<ManageProfiles>();
        services.TryAddScoped<ILeadDetailQueries, LeadDetailQueries>();
        return services;
    }

    public static IServiceCollection AddLearning(this IServiceCollection services)
    {
        services.TryAddSingleton<IServingModels, ServingModels>();
        services.TryAddSingleton<IModelRegistry, ModelRegistry>();
        services.TryAddSingleton<ITrainingSets, TrainingSets>();
        services.TryAddSingleton<IRetrainingQueries, RetrainingQueries>();
        services.TryAddSingleton<RetrainDueTenants>();
        services.TryAddSingleton<TrainModel>();
        services.TryAddSingleton<PromoteModel>();
        services.TryAddSingleton<IModelChecks, ModelChecks>();
        services.TryAddSingleton<IPooledPriors, PooledPriors>();
        services.TryAddSingleton<CompareModels>();
        services.TryAddSingleton<CheckModel>();
        services.TryAddSingleton<WatchModels>();
        return services;
    }

    public static IServiceCollection AddPipeline(this IServiceCollection services, NodeIdentity node)
    {
        services.TryAddSingleton(node);
        services.TryAddSingleton<WorkSignals>();
        services.TryAddSingleton<PipelineMeter>();
        services.TryAddSingleton<IPipelineQueue, PipelineQueue>();
        services.TryAddSingleton<IPipelineStore, PipelineStore>();
        services.TryAddSingleton<IDirectoryStore, DirectoryStore>();
        services.TryAddSingleton<ImportDirectory>();
        services.TryAddSingleton<ICompanyStore, CompanyStore>();
        services.TryAddSingleton<ResolveCompanies>();
        services.AddSingleton<IValidateOptions<EnrichmentOptions>, EnrichmentSources.Check>();
        services.TryAddSingleton<ISourceStore, SourceStore>();
        services.TryAddSingleton<ISourcePace, SourcePaces>();
        services.TryAddSingleton<OutsideHttp>();
        services.TryAddSingleton<ISourceRegistry>(s => new SourceRegistry(
            EnrichmentSources.All(s.GetRequiredService<EnrichmentOptions>(), s.GetRequiredService<OutsideHttp>(), s.GetRequiredService<TimeProvider>()), s.GetRequiredService<DataSources>(), s.GetRequiredService<IDataProtectionProvider>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IDecisionValue, DecisionValue>();
        services.TryAddSingleton<EnrichFromSources>();
        services.TryAddSingleton<ChangeSource>();
        services.TryAddSingleton<ILeadVectorStore, LeadVectorStore>();
        services.TryAddSingleton<HttpClient>();
        services.TryAddSingleton<IEmbedder>(s => s.GetRequiredService<TextOptions>() is { EmbeddingsUrl.Length: > 0 } text ? new OpenAiEmbedder(s.GetRequiredService<HttpClient>(), text, s.GetRequiredService<ILogger<OpenAiEmbedder>>()) : new HashedEmbedder());
        services.TryAddSingleton<ILanguageModel, OpenAiLanguageModel>();
        services.TryAddSingleton<IRationaleStore, RationaleStore>();
        services.TryAddSingleton<WriteRationale>();
        services.TryAddSingleton<SimilarLeads>();
        services.TryAddSingleton<EnrichLeads>();
        services.TryAddSingleton<IFlagFact, FlagFact>();
        services.TryAddSingleton<ICorrectFact, CorrectFact>();
        services.TryAddSingleton<IRoutingStore, RoutingStore>();
        services.TryAddSingleton<ApplyRules>();
        services.TryAddSingleton<ManageRules>();
        services.TryAddSingleton<TellOfHotLeads>();
        services.TryAddSingleton<HandOver>();
        services.TryAddSingleton<IHandOver>(s => s.GetRequiredService<HandOver>());
        services.TryAddSingleton<MoveLeads>();
        services.TryAddSingleton<ITendingStore, TendingStore>();
        services.TryAddSingleton<TendTenants>();
        services.TryAddSingleton<RunStages>();
        services.TryAddSingleton<IRescoringStore, RescoringStore>();
        services.TryAddSingleton<RescoreLeads>();
        services.TryAddSingleton<PreviewPromotion>();
        services.TryAddSingleton<IPreviewProfile, PreviewProfile>();
        services.TryAddScoped<IPipelineQueries, PipelineQueries>();
        services.AddHostedService<PipelineWorker>();
        return services;
    }

    public static IServiceCollection AddSchedules(this IServiceCollection services, ConnectionStrings strings)
    {
        services.AddSchedule(strings);
        return services;
    }

    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.TryAddSingleton<LiveFeed>();
        services.TryAddSingleton<ILiveFeed>(s => s.GetRequiredService<LiveFeed>());
        services.AddHostedService<DatabaseListener>();
        return services;
    }
}
