using AIX.Core.Enrichment;
using AIX.Infrastructure.Enrichment.Http;
using AIX.Infrastructure.Enrichment.Public;
using Microsoft.Extensions.Options;

namespace AIX.Infrastructure.Enrichment;

/// <summary>The sources of this program: those that need no key, the shipped definitions, and those of the configured folder, which take the place of a shipped one of the same name.</summary>
internal static class EnrichmentSources
{
    private const string Prefix = "source.";

    /// <exception cref="InvalidDataException">A file of the folder defines no source; the message names it.</exception>
    public static IReadOnlyList<IEnrichmentSource> All(EnrichmentOptions options, OutsideHttp http, TimeProvider time)
    {
        IEnrichmentSource[] open = [new DnsSource(new DnsResolver(options)), new WebsiteSource(http), new EdgarSource(http, time)];
        var defined = Own(options).Concat(Shipped()).DistinctBy(d => d.Name).Select(d => new HttpSource(d, http, time));
        return [.. open.Concat(defined).Select(s => new ResilientSource(s, options))];
    }

    /// <summary>Refuses to start with a folder that cannot be read, so that the fault shows at once and not with the first lead.</summary>
    internal sealed class Check : IValidateOptions<EnrichmentOptions>
    {
        public ValidateOptionsResult Validate(string? name, EnrichmentOptions options)
        {
            try
            {
                return Own(options).Select(d => d.Name).FirstOrDefault(n => n is "dns" or "website" or "sec-edgar") is { } taken
                    ? ValidateOptionsResult.Fail($"A definition in {options.SourcesFolder} is named {taken}, which is a source of the program itself.")
                    : ValidateOptionsResult.Success;
            }
            catch (Exception ex) when (ex is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                return ValidateOptionsResult.Fail($"Enrichment:SourcesFolder: {ex.Message}");
            }
        }
    }

    private static List<SourceDefinition> Own(EnrichmentOptions options) =>
        options.SourcesFolder.Length == 0 ? [] : [.. Directory.EnumerateFiles(options.SourcesFolder, "*.json").Order(StringComparer.Ordinal).Select(f => SourceDefinition.Read(f, File.ReadAllText(f)))];

    internal static IEnumerable<SourceDefinition> Shipped()
    {
        var assembly = typeof(EnrichmentSources).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return SourceDefinition.Read(name, reader.ReadToEnd());
        }
    }
}
