using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AIX.Core.Leads;
using AIX.Core.Learning;
using AIX.Core.Pipeline;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Database;
using AIX.Tests.Support;
using AIX.Web.Api;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace AIX.Tests.Architecture;

public partial class ShapeTests
{
    [Fact]
    public void Entities_HaveNoPublicSetters()
    {
        using var db = new AixDbContext(new DbContextOptionsBuilder<AixDbContext>().UseNpgsql("Host=none").Options);
        var open = db.Model.GetEntityTypes().Select(e => e.ClrType).Where(t => t.Assembly == typeof(Lead).Assembly)
            .SelectMany(t => t.GetProperties())
            .Where(p => p.SetMethod is { IsPublic: true } setter && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)))
            .Select(p => $"{p.DeclaringType!.Name}.{p.Name}");

        open.ShouldBeEmpty();
    }

    [Fact]
    public void Model_AndMigrations_Agree()
    {
        using var db = new AixDbContext(new DbContextOptionsBuilder<AixDbContext>().UseNpgsql("Host=none", n => n.MigrationsHistoryTable("__ef_migrations_history", "aix")).Options);

        db.Database.HasPendingModelChanges().ShouldBeFalse("run: dotnet ef migrations add NAME --project AIX.Infrastructure -o Database/Migrations/PostgreSql");
    }

    /// <summary>Every option has its key, with a comment above it, in appsettings.json, and the same default.</summary>
    [Theory]
    [InlineData(typeof(IntakeOptions))]
    [InlineData(typeof(PipelineOptions))]
    [InlineData(typeof(LearningOptions))]
    [InlineData(typeof(AIX.Core.Text.TextOptions))]
    [InlineData(typeof(AIX.Core.Enrichment.EnrichmentOptions))]
    [InlineData(typeof(AIX.Core.Calls.CallOptions))]
    [InlineData(typeof(AIX.Core.Calls.RecordingOptions))]
    [InlineData(typeof(AIX.Core.Campaigns.CampaignOptions))]
    [InlineData(typeof(AIX.Core.Outreach.MailOptions))]
    [InlineData(typeof(ApiOptions))]
    [InlineData(typeof(DatabaseOptions))]
    public void Options_StandInAppSettingsWithTheirDefaults(Type options)
    {
        var section = (string)options.GetField("Section")!.GetValue(null)!;
        var text = File.ReadAllText(Path.Combine(Repository.Root, "appsettings.json"));
        var json = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }).RootElement.GetProperty(section);
        var defaults = Activator.CreateInstance(options);
        foreach (var property in options.GetProperties())
        {
            json.TryGetProperty(property.Name, out var value).ShouldBeTrue($"{section}:{property.Name} is missing in appsettings.json");
            value.ToString().ToLowerInvariant().ShouldBe((Convert.ToString(property.GetValue(defaults), CultureInfo.InvariantCulture) ?? "").ToLowerInvariant(), $"{section}:{property.Name}");
        }

        json.EnumerateObject().Select(p => p.Name).Except(options.GetProperties().Select(p => p.Name)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("AIX.Web/Resources/Texts")]
    [InlineData("AIX.Core/Scoring/RationaleTexts")]
    public void Texts_EnglishAndHindi_HaveTheSameKeysAndPlaceholders(string file)
    {
        var english = Read(file + ".resx");
        var hindi = Read(file + ".hi.resx");

        hindi.Keys.ShouldBe(english.Keys, ignoreOrder: true);
        english.Where(e => !Placeholders(e.Value).SequenceEqual(Placeholders(hindi[e.Key]))).Select(e => e.Key).ShouldBeEmpty();
    }

    /// <summary>Prevents: a page shows a key instead of a sentence.</summary>
    [Fact]
    public void Texts_EveryKeyInThePages_Exists()
    {
        var known = Read("AIX.Web/Resources/Texts.resx").Keys.ToHashSet();
        var used = Directory.EnumerateFiles(Path.Combine(Repository.Root, "AIX.Web"), "*.*", SearchOption.AllDirectories)
            .Where(f => (f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal)) && !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(f => TextKey().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value))
            .ToHashSet();

        used.Count.ShouldBeGreaterThan(100);
        used.Except(known).ShouldBeEmpty();
    }

    [Fact]
    public void Texts_ComposedKeys_Exist()
    {
        var known = Read("AIX.Web/Resources/Texts.resx").Keys.ToHashSet();
        string[] composed =
        [
            .. Enum.GetNames<LeadState>().Select(n => $"state.{n}"), .. Enum.GetNames<ImportState>().Select(n => $"import.state.{n}"), .. Enum.GetNames<Stage>().Select(n => $"stage.{n}"),
            .. Enum.GetNames<PhoneLine>().Select(n => $"line.{n}"), .. Enum.GetNames<CollisionRule>().Select(n => $"rule.{n}"), .. Enum.GetNames<AttributeType>().Select(n => $"type.{n}"),
            .. Enum.GetValues<LeadField>().Where(f => f != LeadField.None).Select(f => $"field.{LeadFields.KeyOf(f)}"), .. Enum.GetNames<Core.Users.Role>().Select(n => $"role.{n}"),
            .. Enum.GetNames<SourceKind>().Select(n => $"source.{n}"), "band.hot", "band.warm", "band.cold", "band.unc",
        ];

        composed.Except(known).ShouldBeEmpty();
    }

    [Fact]
    public void Solution_HoldsNoBannedSleepInTests() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "AIX.Tests"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.EndsWith("ShapeTests.cs", StringComparison.Ordinal))
            .Where(f => Regex.IsMatch(File.ReadAllText(f), @"Task\.Delay\(|Thread\.Sleep\(|WaitForTimeoutAsync"))
            .ShouldBeEmpty();

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Load(Path.Combine(Repository.Root, file)).Root!.Elements("data").ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);

    private static IEnumerable<string> Placeholders(string text) => Regex.Matches(text, @"\{\d\}").Select(m => m.Value).Distinct().Order();

    [GeneratedRegex("""(?:\bL|\btexts)\["([a-z][\w.]+)"[\],]""")]
    private static partial Regex TextKey();
}
