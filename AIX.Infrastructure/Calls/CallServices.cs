using AIX.Core.Calls;
using RouteOptions = AIX.Core.Calls.RouteOptions;
using AIX.Core.Compliance;
using AIX.Core.Pipeline;
using AIX.Infrastructure.Calls.Media;
using AIX.Infrastructure.Calls.Simulation;
using AIX.Infrastructure.Calls.Twilio;
using AIX.Core.Campaigns;
using AIX.Core.Insights;
using AIX.Infrastructure.Compliance;
using AIX.Infrastructure.Insights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AIX.Infrastructure.Calls;

public static class CallServices
{
    private static readonly TimeSpan RestTimeout = TimeSpan.FromSeconds(10);

    /// <param name="blobs">Folder for recordings.</param>
    public static IServiceCollection AddCalls(this IServiceCollection services, string blobs)
    {
        services.TryAddSingleton<IContactHistory, ContactHistoryStore>();
        services.TryAddSingleton<ICallGate, CallGate>();
        services.TryAddSingleton<IComplianceStore, ComplianceStore>();
        services.TryAddSingleton<TakeComplianceFile>();
        services.TryAddSingleton<ManageCompliance>();
        services.TryAddSingleton<ICallStore, CallStore>();
        services.TryAddSingleton<IDialogueStore, DialogueStore>();
        services.TryAddSingleton<IFlowBook, FlowBook>();
        services.TryAddSingleton<ICallFacts, CallFacts>();
        services.TryAddSingleton<PlaceCall>();
        services.TryAddSingleton<PostCall>();
        services.TryAddSingleton<PhraseAnswer>();
        services.TryAddSingleton<HearCall>();
        services.TryAddSingleton<TakeCallEvent>();
        services.TryAddSingleton<KeepCalls>();
        services.TryAddSingleton<ReconcileCalls>();
        services.TryAddSingleton<ManageCalls>();
        services.TryAddSingleton<IRecordings, RecordingKeeper>();
        services.TryAddSingleton<IBlobStore>(s => s.GetRequiredService<RecordingOptions>() is { S3Url.Length: > 0 } remote ? new S3BlobStore(remote, s.GetRequiredService<IDataProtectionProvider>()) : new FileBlobStore(blobs, s.GetRequiredService<IDataProtectionProvider>()));
        services.TryAddSingleton(s => new TwilioTelephony(
            RoutesOf(s.GetRequiredService<CallOptions>(), s.GetRequiredService<CallRouteList>()), new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = RestTimeout },
            s.GetRequiredService<IPublicAddress>(), s.GetRequiredService<CallOptions>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ITelephony>(s => s.GetRequiredService<TwilioTelephony>());
        services.TryAddSingleton<TwilioForms>();
        services.TryAddSingleton<TwimlReplies>();
        services.TryAddSingleton<RelayTokens>();
        services.TryAddSingleton<RelaySocket>();
        services.TryAddSingleton<TwilioWebhooks>();
        services.TryAddSingleton<TwilioSimulator>();
        services.TryAddSingleton<ICallees, Callees>();
        services.TryAddSingleton<CallHours>();
        services.TryAddSingleton<IWorkbookWriter, WorkbookWriter>();
        services.AddSingleton<IAfterCall>(s => s.GetRequiredService<CallHours>());
        services.AddSingleton<IAfterCall, KeepCallbacks>();
        services.TryAddSingleton<IBestHours>(s => s.GetRequiredService<CallHours>());
        services.TryAddSingleton<ICallAnalytics>(s => s.GetRequiredService<CallHours>());
        services.AddHostedService<CallWorker>();
        return services;
    }

    public static void MapCalls(this IEndpointRouteBuilder app)
    {
        app.ServiceProvider.GetRequiredService<TwilioWebhooks>().Map(app);
        if (app.ServiceProvider.GetRequiredService<CallOptions>() is { Simulator: true, SimulatorUrl: "" })
        {
            app.ServiceProvider.GetRequiredService<TwilioSimulator>().Map(app);
        }
    }

    /// <summary>The configured routes; with the simulator its two as well: one that reaches India from abroad, one of the 140 series.</summary>
    private static IReadOnlyList<RouteOptions> RoutesOf(CallOptions options, CallRouteList list) => !options.Simulator ? list.Routes :
    [
        .. list.Routes,
        Simulated(options, "simulated", "+14155550100", "International"),
        Simulated(options, "simulated-140", "+911401234567", "Series140"),
    ];

    private static RouteOptions Simulated(CallOptions options, string name, string callerId, string kind) =>
        new() { Name = name, BaseUrl = options.SimulatorUrl + "/sim/twilio", AccountSid = TwilioSimulator.AccountSid, AuthToken = TwilioSimulator.Token, CallerId = callerId, CallerIdKind = kind, CallsPerSecond = 30, MaxConcurrent = 50 };
}
