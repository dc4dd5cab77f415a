using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AIX.Web.Composition;

internal static class TelemetryComposition
{
    /// <summary>Metrics and traces over OTLP when an endpoint is configured.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["Telemetry:OtlpEndpoint"] is not { Length: > 0 } endpoint)
        {
            return;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri))
        {
            throw new StartupException($"Telemetry:OtlpEndpoint is “{endpoint}”, which is no address. Use for instance http://localhost:4317, or leave it empty.");
        }

        void Otlp(OtlpExporterOptions options) => options.Endpoint = uri;
        builder.Services.AddSingleton(Sdk.CreateMeterProviderBuilder().AddMeter("AIX", "Microsoft.AspNetCore.*", "System.Runtime", "Npgsql").AddOtlpExporter(Otlp).Build());
        builder.Services.AddSingleton(Sdk.CreateTracerProviderBuilder().AddSource("Microsoft.AspNetCore", "Npgsql").AddOtlpExporter(Otlp).Build());
    }
}
