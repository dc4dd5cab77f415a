using System.Text;
using AIX.Core.Leads.Import;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AIX.Tests.Leads;

public class CsvReaderTests
{
    [Fact]
    public void Read_QuotesNewlinesAndBothLineEnds_AreKept() =>
        Rows("a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\n,\n").ShouldBe([["a", "b"], ["x, \"y\"", "two\nlines"], ["", ""]]);

    [Fact]
    public void Read_LastLineWithoutEnd_Counts() => Rows("a,b\n1,").ShouldBe([["a", "b"], ["1", ""]]);

    [Fact]
    public void Read_BlankLines_AreNoRecords() => Rows("a\n\n\nb\n").ShouldBe([["a"], ["b"]]);

    /// <summary>Prevents: one stray quote swallows the rest of the file.</summary>
    [Fact]
    public void Read_QuoteThatNeverCloses_CostsItsOwnLineOnly()
    {
        using var csv = Reader("a,b\n1,\"oops\n2,fine\n3,fine\n");

        csv.Read();
        csv.Read().ShouldBeTrue();
        csv.Problem.ShouldNotBeNull().ShouldContain("quote");
        csv.Raw.ShouldBe("1,\"oops");
        csv.Read();
        csv.Fields.ShouldBe(["2", "fine"]);
    }

    [Fact]
    public void Read_TextAfterClosingQuote_IsAProblemOfThatLine()
    {
        using var csv = Reader("\"a\"x,b\nc,d\n");

        csv.Read();
        csv.Problem.ShouldNotBeNull();
        csv.Read();
        csv.Fields.ShouldBe(["c", "d"]);
    }

    /// <summary>Prevents: a 10 MB line fills the memory or ends the import.</summary>
    [Fact]
    public void Read_LineOfTenMegabytes_IsSkippedWithAReason()
    {
        using var csv = new CsvReader(new StringReader("a,b\n" + new string('x', 10_000_000) + ",1\n2,fine\n"), ',', 1_000_000);

        csv.Read();
        csv.Read();
        csv.Problem.ShouldNotBeNull().ShouldContain("longer than 1,000,000");
        csv.Raw.Length.ShouldBe(10_000);
        csv.Read();
        csv.Fields.ShouldBe(["2", "fine"]);
        csv.Read().ShouldBeFalse();
    }

    [Fact]
    public void Read_WhatAWriterWrote_ComesBack() => Prop.ForAll(
        Gen.Elements("a", "b", ",", "\"", "\n", "\r\n", " ", "é", "हि", "").ListOf().Select(string.Concat).ListOf(3).ListOf().ToArbitrary(),
        table =>
        {
            var rows = table.Select(r => r.ToArray()).Where(r => r.Length == 3).ToList();
            var text = string.Concat(rows.Select(r => string.Join(',', r.Select(c => "\"" + c.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"")) + "\r\n"));
            return Rows(text).SequenceEqual(rows, new RowComparer());
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    public void Sniff_UnicodeFile_IsRecognised(string encoding, bool mark)
    {
        var text = "नाम;ईमेल\nमीनाक्षी;m@firm.test\nरवि;r@firm.test\n";
        var codec = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. mark ? codec.GetPreamble() : [], .. codec.GetBytes(text)];

        CsvSniffer.Sniff(bytes, true).ShouldBe(new CsvFormat(';', encoding, true));
    }

    [Fact]
    public void Sniff_Utf16WithoutMark_IsRecognised() => CsvSniffer.Sniff(Encoding.Unicode.GetBytes("name,email\nAsha,a@firm.test\n"), true).EncodingName.ShouldBe("utf-16");

    [Fact]
    public void Sniff_Windows1252_IsRecognised() => CsvSniffer.Sniff(CsvSniffer.Get("windows-1252").GetBytes("name\temail\nRené\tr@firm.test\n"), true).ShouldBe(new CsvFormat('\t', "windows-1252", true));

    [Fact]
    public void Sniff_FileWithoutHeader_SaysSo() => CsvSniffer.Sniff("Asha,a@firm.test,9825012345\nRavi,r@firm.test,9825012346\n"u8, true).HasHeader.ShouldBeFalse();

    [Theory]
    [InlineData("=1+1", true)]
    [InlineData("@SUM(A1)", true)]
    [InlineData("-2+3+cmd|' /C calc'!A0", true)]
    [InlineData("+91 98250 12345", false)]
    [InlineData("-12.5", false)]
    [InlineData("plain", false)]
    public void ErrorFile_Formulas_AreDefusedAndComeBack(string cell, bool formula)
    {
        ImportErrorFile.IsFormula(cell).ShouldBe(formula);
        ImportErrorFile.Line([cell]).ShouldBe($"\"{(formula ? "'" : "")}{cell}\"\r\n");
        ImportErrorFile.Undefuse(formula ? "'" + cell : cell).ShouldBe(cell);
    }

    private static List<string[]> Rows(string text)
    {
        using var csv = Reader(text);
        var rows = new List<string[]>();
        while (csv.Read())
        {
            csv.Problem.ShouldBeNull();
            rows.Add([.. csv.Fields]);
        }

        return rows;
    }

    private static CsvReader Reader(string text) => new(new StringReader(text), ',', 1_000_000);

    private sealed class RowComparer : IEqualityComparer<string[]>
    {
        public bool Equals(string[]? x, string[]? y) => x!.SequenceEqual(y!);

        public int GetHashCode(string[] obj) => obj.Length;
    }
}
