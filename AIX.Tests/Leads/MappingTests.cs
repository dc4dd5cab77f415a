using AIX.Core.Leads;
using AIX.Core.Leads.Import;
using AIX.Tests.Support;
using Shouldly;
using Xunit;

namespace AIX.Tests.Leads;

public class MappingTests
{
    [Fact]
    public void Suggest_SampleWithHindiAndEnglishHeaders_MapsEveryColumn()
    {
        var preview = Preview(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "samples", "leads.csv")));

        preview.Columns.ToDictionary(c => c.Column, c => c.Key).ShouldBe(new Dictionary<string, string?>
        {
            ["नाम"] = "name",
            ["E-mail ID"] = "email",
            ["Mobile No."] = "phone",
            ["Firm"] = "company",
            ["Designation"] = "title",
            ["City"] = "city",
            ["Country"] = "country",
            ["Industry"] = "industry",
            ["Staff"] = "employees",
            ["Total visits"] = "Total visits",
            ["Met on"] = "createdAt",
            ["Interest"] = "Interest",
            ["Converted"] = "outcome",
        });
        preview.Columns.Single(c => c.Column == "Total visits").Type.ShouldBe(AttributeType.Number);
        preview.DayFirst.ShouldBeTrue();
    }

    [SkippableFact]
    public void Suggest_RealExport_TakesProspectIdAsExternalIdAndConvertedAsOutcome()
    {
        var columns = Preview(SharedData.Read("x-education-train.csv")).Columns.ToDictionary(c => c.Column);

        columns["Prospect ID"].Field.ShouldBe(LeadField.ExternalId);
        columns["Converted"].Field.ShouldBe(LeadField.Outcome);
        columns["TotalVisits"].ShouldBe(new ColumnMapping("TotalVisits", LeadField.None, "TotalVisits", AttributeType.Number, CollisionRule.FillIfBlank));
        columns["Do Not Email"].Type.ShouldBe(AttributeType.Boolean);
        columns["Specialization"].Type.ShouldBe(AttributeType.Text);
    }

    [Fact]
    public void Suggest_EmailColumnWithAnOddName_IsFoundByItsContent() =>
        Preview("who,where to write\nAsha,a@firm.test\nRavi,r@firm.test\nTara,t@firm.test\n"u8.ToArray()).Columns[1].Field.ShouldBe(LeadField.Email);

    [Fact]
    public void Preview_TwoHundredColumns_Works() =>
        Preview(System.Text.Encoding.UTF8.GetBytes("email," + string.Join(',', Enumerable.Range(1, 199).Select(i => $"c{i}")) + "\na@firm.test" + new string(',', 199) + "\n")).Columns.Count.ShouldBe(200);

    [Fact]
    public void Preview_RepeatedAndEmptyHeaders_GetNamesOfTheirOwn() =>
        Preview("email,Phone,Phone,\na@firm.test,1,2,3\n"u8.ToArray()).Columns.Select(c => c.Column).ShouldBe(["email", "Phone", "Phone (2)", "Column 4"]);

    private static ImportMapping Preview(byte[] file)
    {
        var head = file[..Math.Min(file.Length, 1 << 20)];
        var preview = ImportPreviewer.Preview(head, null, new IntakeOptions(), head.Length == file.Length, 200);
        return preview.Value.ShouldNotBeNull().Suggested;
    }
}
