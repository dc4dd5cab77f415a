using AIX.Core.Calls;
using AIX.Core.Campaigns;
using AIX.Core.Leads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AIX.Infrastructure.Campaigns;

public static class CampaignServices
{
    /// <param name="worker">Runs campaigns in this process.</param>
    public static IServiceCollection AddCampaigns(this IServiceCollection services, bool worker = true)
    {
        services.TryAddSingleton<ICampaignStore, CampaignStore>();
        services.TryAddSingleton<ICallHistory, CallHistoryStore>();
        services.TryAddSingleton<ICampaignQueries, CampaignQueries>();
        services.TryAddSingleton<AudienceLimit>();
        services.TryAddSingleton<IAudience>(s => s.GetRequiredService<AudienceLimit>());
        services.TryAddSingleton<AdmitAudience>();
        services.TryAddSingleton<IRouteAlarm, RouteAlarm>();
        services.TryAddSingleton<MoveCampaign>();
        services.TryAddSingleton<StopCalls>();
        services.TryAddSingleton<RunCampaigns>();
        services.TryAddSingleton<RecallCalls>();
        services.TryAddSingleton<ManageCampaigns>();
        services.TryAddSingleton<SteerCampaign>();
        services.TryAddSingleton<TakeAudience>();
        services.TryAddSingleton<PreFlight>();
        services.TryAddSingleton<ScriptWriter>();
        services.AddSingleton<IAfterCall, CampaignOutcome>();
        services.AddSingleton<ICallbackWatcher, CampaignCallbacks>();
        if (worker)
        {
            services.AddHostedService<CampaignWorker>();
        }

        return services;
    }
}
