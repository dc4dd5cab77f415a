using System.ComponentModel.DataAnnotations;
using AIX.Core.Leads;
using AIX.Core.Learning;
using AIX.Core.Pipeline;
using AIX.Infrastructure.Database;
using AIX.Web.Api;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace AIX.Web.Composition;

internal static class ConfigurationComposition
{
    /// <summary>appsettings.json stands at the top of the repository and is copied beside the program; `dotnet run` looks elsewhere.</summary>
    public static void AddConfiguration(this WebApplicationBuilder builder)
    {
        var files = new PhysicalFileProvider(AppContext.BaseDirectory);
        string[] names = ["appsettings.json", $"appsettings.{builder.Environment.EnvironmentName}.json"];
        for (var i = 0; i < names.Length; i++)
        {
            builder.Configuration.Sources.Insert(i, new JsonConfigurationSource { FileProvider = files, Path = names[i], Optional = i > 0 });
        }

        builder.AddOptions<IntakeOptions>(IntakeOptions.Section);
        builder.AddOptions<AIX.Core.Outreach.MailOptions>(AIX.Core.Outreach.MailOptions.Section);
        builder.AddOptions<AIX.Core.Campaigns.CampaignOptions>(AIX.Core.Campaigns.CampaignOptions.Section);
        builder.AddOptions<PipelineOptions>(PipelineOptions.Section);
        builder.AddOptions<LearningOptions>(LearningOptions.Section);
        builder.AddOptions<AIX.Core.Enrichment.EnrichmentOptions>(AIX.Core.Enrichment.EnrichmentOptions.Section);
        builder.AddOptions<AIX.Core.Text.TextOptions>(AIX.Core.Text.TextOptions.Section);
        builder.AddOptions<AIX.Core.Calls.CallOptions>(AIX.Core.Calls.CallOptions.Section);
        builder.AddOptions<AIX.Core.Calls.RecordingOptions>(AIX.Core.Calls.RecordingOptions.Section);
        builder.AddOptions<AIX.Core.Calls.CallRouteList>(AIX.Core.Calls.CallRouteList.Section);
        builder.AddOptions<ApiOptions>(ApiOptions.Section);
        builder.AddOptions<DatabaseOptions>(DatabaseOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<IntakeOptions>>(new DemoBlockInDevelopmentOnly(builder.Environment));
    }

    public static T Read<T>(this IConfiguration configuration, string section)
        where T : new()
    {
        var options = new T();
        configuration.GetSection(section).Bind(options);
        return options;
    }

    /// <summary>Bound, checked at start, and given to Core as the plain object.</summary>
    private static void AddOptions<T>(this WebApplicationBuilder builder, string section)
        where T : class
    {
        builder.Services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<T>>(new RangeValidator<T>(section));
        builder.Services.AddSingleton(s => s.GetRequiredService<IOptions<T>>().Value);
    }

    private static string? Check(object options)
    {
        var results = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), results, true) ? null : string.Join(" ", results.Select(r => r.ErrorMessage));
    }

    private sealed class RangeValidator<T>(string section) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options) => Check(options) is { } error ? ValidateOptionsResult.Fail($"{section}: {error}") : ValidateOptionsResult.Success;
    }

    private sealed class DemoBlockInDevelopmentOnly(IHostEnvironment environment) : IValidateOptions<IntakeOptions>
    {
        public ValidateOptionsResult Validate(string? name, IntakeOptions options) => options.DemoBlockIsMobile && !environment.IsDevelopment()
            ? ValidateOptionsResult.Fail($"Intake:DemoBlockIsMobile is true and the environment is {environment.EnvironmentName}; it is for Development only.")
            : ValidateOptionsResult.Success;
    }
}
