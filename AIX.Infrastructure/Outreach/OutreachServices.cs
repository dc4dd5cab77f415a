using AIX.Core.Calls;
using AIX.Core.Insights;
using AIX.Core.Outreach;
using AIX.Infrastructure.Insights;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIX.Infrastructure.Outreach;

public static class OutreachServices
{
    public static IServiceCollection AddOutreach(this IServiceCollection services)
    {
        services.TryAddSingleton<IOutreachStore, OutreachStore>();
        services.TryAddSingleton<IUnsubscribeLinks, UnsubscribeLinks>();
        services.TryAddSingleton<ManageTemplates>();
        services.TryAddSingleton<SendMessages>();
        services.AddSingleton<IMessageSender, SmtpSender>();
        services.TryAddSingleton<IReportMail, SmtpReports>();
        services.TryAddSingleton<IReportStore, ReportStore>();
        services.TryAddSingleton<ManageReports>();
        services.TryAddSingleton<SendReports>();
        services.AddSingleton<IMessageSender, TwilioSms>();
        services.AddSingleton<IAfterCall, FollowUp>();
        services.AddHostedService<OutreachWorker>();
        return services;
    }
}

/// <summary>Sends what waits, every two seconds.</summary>
internal sealed partial class OutreachWorker(SendMessages send, TimeProvider time, ILogger<OutreachWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await send.ExecuteAsync(stoppingToken) > 0)
                {
                }
            }
            catch (Exception ex) when (ex is not OperationCanceledException)
            {
                Failed(ex);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Sending messages stopped on an error; it goes on with the next beat")]
    private partial void Failed(Exception ex);
}
