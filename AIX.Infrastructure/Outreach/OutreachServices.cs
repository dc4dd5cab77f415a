using AIX.Core.Calls;
using AIX.Core.Insights;
using AIX.Core.Outreach;
using AIX.Infrastructure.Calls.Twilio;
using AIX.Infrastructure.Insights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
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
        services.TryAddSingleton<HearMessage>();
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

    public static void MapOutreach(this IEndpointRouteBuilder app) => app.MapPost("/twilio/sms/{route}", SmsReplies.TakeAsync).DisableAntiforgery().ExcludeFromDescription().AllowAnonymous();
}

/// <summary>Where Twilio tells what people answer to messages: the address belongs into the number's settings there, per route.</summary>
internal static class SmsReplies
{
    public static async Task<IResult> TakeAsync(HttpContext http, TwilioForms forms, TwilioTelephony telephony, HearMessage hear, string route)
    {
        var ct = http.RequestAborted;
        if (telephony.Routes.FirstOrDefault(r => r.Name == route) is not { } known || await TwilioForms.ReadAsync(http, ct) is not { } form || forms.Trusted(http, route, form) is not { } fields)
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        await hear.ExecuteAsync(known, fields.GetValueOrDefault("From", ""), fields.GetValueOrDefault("Body", ""), fields.GetValueOrDefault("OptOutType"), ct);

        // Twilio itself confirms a stop; anything more would be another message to somebody who wants none.
        return Results.Text("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>", "text/xml");
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
