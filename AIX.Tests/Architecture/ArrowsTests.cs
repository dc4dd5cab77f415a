using System.Text.RegularExpressions;
using AIX.Tests.Support;
using Shouldly;
using Xunit;

namespace AIX.Tests.Architecture;

/// <summary>Who may know whom, read from the using lines. The table is docs/architecture.md's.</summary>
public partial class ArrowsTests
{
    private static readonly string[] Everybody = ["Shared", "Tenancy", "Users", "Auditing"];

    private static readonly Dictionary<string, string[]> Rooms = new()
    {
        ["Shared"] = ["Tenancy"],
        ["Tenancy"] = ["Shared", "Auditing"],
        ["Users"] = ["Shared", "Tenancy", "Auditing"],
        ["Auditing"] = ["Tenancy"],
        ["Text"] = [],
        ["Leads"] = [],
        ["Companies"] = ["Leads", "Text"],
        ["Engagement"] = ["Leads"],
        ["Enrichment"] = ["Leads", "Companies", "Text"],
        ["Profiles"] = ["Leads", "Enrichment", "Text"],
        ["Scoring"] = ["Leads", "Companies", "Profiles", "Enrichment", "Text"],
        ["Learning"] = ["Leads", "Scoring", "Profiles", "Enrichment"],
        ["Review"] = ["Leads", "Enrichment", "Scoring"],
        ["Compliance"] = ["Leads"],
        ["Conversations"] = ["Leads", "Text"],
        ["Calls"] = ["Leads", "Text", "Enrichment", "Compliance", "Conversations"],
        ["Campaigns"] = ["Leads", "Text", "Enrichment", "Scoring", "Compliance", "Conversations", "Calls", "Outreach"],
        ["Outreach"] = ["Leads", "Text", "Compliance", "Conversations", "Calls"],
        ["Routing"] = ["Leads", "Enrichment", "Scoring", "Review"],
        ["Notifications"] = ["Leads"],
        ["Insights"] = ["Leads"],
        ["Pipeline"] = ["Leads", "Companies", "Enrichment", "Profiles", "Scoring", "Learning", "Review", "Routing", "Calls"],
    };

    [Fact]
    public void Core_RoomsKnowOnlyWhomTheyMay()
    {
        var wrong = new List<string>();
        foreach (var (file, room) in CoreFiles())
        {
            var allowed = Rooms.ShouldContainKeyAndReturn(room).Concat(Everybody).Append(room).ToHashSet();
            wrong.AddRange(Usings(file, "AIX.Core").Where(u => !allowed.Contains(u.Split('.')[0])).Select(u => $"{room} uses {u}: {file}"));
        }

        wrong.ShouldBeEmpty();
    }

    /// <summary>A room is entered through its root folder; sub-folders are its own business.</summary>
    [Fact]
    public void Core_SubFolders_AreOnlyUsedInside()
    {
        var wrong = CoreFiles().SelectMany(f => Usings(f.File, "AIX.Core").Where(u => u.Contains('.', StringComparison.Ordinal) && u.Split('.')[0] != f.Room).Select(u => $"{f.Room} uses {u}: {f.File}"));

        wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("AIX.Core", "AIX.Infrastructure|AIX.Web|Microsoft.EntityFrameworkCore|Microsoft.AspNetCore|Microsoft.Extensions|Npgsql|Quartz|Radzen|System.Net.Http")]
    [InlineData("AIX.Infrastructure", "AIX.Web|Radzen")]
    public void Project_DoesNotUse(string project, string forbidden) =>
        Files(project).Where(f => Regex.IsMatch(File.ReadAllText(f), $@"^\s*(@?using|global using)\s+(static\s+)?({forbidden.Replace(".", @"\.", StringComparison.Ordinal)})", RegexOptions.Multiline)).ShouldBeEmpty();

    /// <summary>Only AIX.Web/Composition names Infrastructure.</summary>
    [Fact]
    public void Web_OutsideComposition_DoesNotNameInfrastructure() =>
        Files("AIX.Web").Where(f => !f.Contains("/Composition/", StringComparison.Ordinal) && File.ReadAllText(f).Contains("AIX.Infrastructure", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Program_StaysAList() => File.ReadAllLines(Path.Combine(Repository.Root, "AIX.Web", "Program.cs")).Length.ShouldBeLessThanOrEqualTo(60);

    private static IEnumerable<(string File, string Room)> CoreFiles() =>
        Files("AIX.Core").Select(f => (f, Path.GetRelativePath(Path.Combine(Repository.Root, "AIX.Core"), f).Split(Path.DirectorySeparatorChar)[0]));

    private static IEnumerable<string> Files(string project) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.*", SearchOption.AllDirectories)
            .Where(f => (f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal)) && !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static IEnumerable<string> Usings(string file, string root) =>
        UsingLine().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value).Where(u => u.StartsWith(root + ".", StringComparison.Ordinal)).Select(u => u[(root.Length + 1)..]);

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();
}

file static class DictionaryAssertions
{
    public static string[] ShouldContainKeyAndReturn(this Dictionary<string, string[]> rooms, string room)
    {
        rooms.ShouldContainKey(room, $"AIX.Core/{room} is not in docs/architecture.md's list of rooms");
        return rooms[room];
    }
}
