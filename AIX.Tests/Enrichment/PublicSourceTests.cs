using System.Net;
using System.Net.Sockets;
using AIX.Bench.Vendors;
using AIX.Core.Enrichment;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Enrichment;
using AIX.Infrastructure.Enrichment.Http;
using AIX.Infrastructure.Enrichment.Public;
using AIX.Tests.Support;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace AIX.Tests.Enrichment;

/// <summary>Sources that need no key, and the shipped definitions, against servers that speak their protocols.</summary>
public class PublicSourceTests
{
    [Theory]
    [InlineData("Sr. VP – HR & Admin", SeniorityLevel.VicePresident, JobFunction.HumanResources)]
    [InlineData("Founder & CEO", SeniorityLevel.Owner, JobFunction.GeneralManagement)]
    [InlineData("CFO", SeniorityLevel.CxO, JobFunction.Finance)]
    [InlineData("Plant Head", SeniorityLevel.Head, JobFunction.Operations)]
    [InlineData("Purchase Manager", SeniorityLevel.Manager, JobFunction.Procurement)]
    [InlineData("HR intern", SeniorityLevel.Training, JobFunction.HumanResources)]
    [InlineData("वित्त प्रबंधक", SeniorityLevel.Manager, JobFunction.Finance)]
    [InlineData("Headhunter", null, null)]
    public void Titles_AreBroughtToOneOntology(string title, SeniorityLevel? level, JobFunction? function) => (TitleOntology.LevelOf(title), TitleOntology.FunctionOf(title)).ShouldBe((level, function));

    /// <summary>Over UDP, over TCP where the answer was cut, a name that is not there, a server that fails, one that is silent, one that lies.</summary>
    [Fact]
    public async Task Dns_TellsMailAndServices_AndFailuresAreNotMeasured()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)server.Client.LocalEndPoint!).Port;
        using var tcp = new TcpListener(IPAddress.Loopback, port);
        tcp.Start();
        using var stop = new CancellationTokenSource();
        var serving = Task.WhenAll(ServeUdpAsync(server, stop.Token), ServeTcpAsync(tcp, stop.Token));
        var source = new ResilientSource(new DnsSource(new DnsResolver(new EnrichmentOptions { DnsServer = $"127.0.0.1:{port}" })), new EnrichmentOptions());

        var answer = await source.AskAsync(Ask("umbra.test"), CancellationToken.None);

        answer.Values.Single(v => v.Attribute == "emailProvider").Value.ShouldBe("Google Workspace");
        answer.Values.Single(v => v.Attribute == "technologies").Value.Split(", ").ShouldBe(["Google Workspace", "HubSpot", "Salesforce", "Zoom"], ignoreOrder: true);
        (await source.AskAsync(Ask("nowhere.test"), CancellationToken.None)).Kind.ShouldBe(AnswerKind.Nothing);
        (await source.AskAsync(Ask("broken.test"), CancellationToken.None)).ShouldSatisfyAllConditions(a => a.Kind.ShouldBe(AnswerKind.NotMeasured), a => a.Note!.ShouldContain("code 2"));
        (await source.AskAsync(Ask("loop.test"), CancellationToken.None)).Note!.ShouldContain("points to itself");
        (await source.AskAsync(Ask("short.test"), CancellationToken.None)).Note!.ShouldContain("ends too soon");
        (await source.AskAsync(Ask("silent.test"), CancellationToken.None)).Note!.ShouldContain("did not answer");
        await stop.CancelAsync();
        await serving;
    }

    /// <summary>A source that fails again and again is left alone: it is not asked, and what is not asked is not measured.</summary>
    [Fact]
    public async Task Breaker_LeavesAFailingSourceAlone()
    {
        await using var server = await VendorServer.StartAsync(c =>
        {
            c.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        using var http = new OutsideHttp(new EnrichmentOptions { PrivateHosts = server.Host });
        var source = new ResilientSource(new HttpSource(EnrichmentSources.Shipped().Single(d => d.Name == "apollo") with { Url = $"http://{server.Host}/x?d={{domain}}" }, http, new ManualTime()), new EnrichmentOptions());

        var answers = new List<SourceAnswer>();
        for (var i = 0; i < 25; i++)
        {
            answers.Add(await source.AskAsync(Ask("umbra.test"), CancellationToken.None));
        }

        server.Calls.Count.ShouldBeLessThan(15);
        answers.ShouldAllBe(a => a.Kind == AnswerKind.NotMeasured);
        answers[^1].ShouldSatisfyAllConditions(a => a.Note!.ShouldContain("failed too often"), a => a.RetryAfter.ShouldNotBeNull());
    }

    /// <summary>Prevents: a source with a fault of its own, or a lead with an address that is none, sends the lead to the dead letters.</summary>
    [Fact]
    public async Task Source_ThatThrowsAnything_IsNotMeasured()
    {
        using var http = new OutsideHttp(new EnrichmentOptions());
        var answer = await new ResilientSource(new WebsiteSource(http), new EnrichmentOptions()).AskAsync(Ask("no host at all"), CancellationToken.None);
        (answer.Kind, string.IsNullOrEmpty(answer.Note)).ShouldBe((AnswerKind.NotMeasured, false));
    }

    /// <summary>Events are asked for again after a day, technologies after thirty, the rest after ninety.</summary>
    [Theory]
    [InlineData("event.funding", 1)]
    [InlineData("news", 1)]
    [InlineData("technologies", 30)]
    [InlineData("employees", 90)]
    public void TimeToLive_IsOfTheKind(string attribute, int days) => Fusion.TimeToLive(attribute).ShouldBe(TimeSpan.FromDays(days));

    /// <summary>Prevents: a wrong file in the folder of sources is found out with the first lead, and stops them all.</summary>
    [Theory]
    [InlineData("{ \"name\": \"x\" }", "mine.json")]
    [InlineData("{ \"name\": \"dns\", \"title\": \"X\", \"kind\": \"firmographic\", \"url\": \"https://x.test/{domain}\", \"ratePerSecond\": 1, \"hitRate\": 0.5, \"reliability\": 0.8 }", "named dns")]
    public void Folder_WithAWrongDefinition_IsRefusedAtTheStart(string json, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("aix-sources").FullName;
        File.WriteAllText(Path.Combine(folder, "mine.json"), json);

        new EnrichmentSources.Check().Validate(null, new EnrichmentOptions { SourcesFolder = folder }).FailureMessage.ShouldNotBeNull().ShouldContain(expected);
        new EnrichmentSources.Check().Validate(null, new EnrichmentOptions { SourcesFolder = "/nowhere" }).Failed.ShouldBeTrue();
        new EnrichmentSources.Check().Validate(null, new EnrichmentOptions()).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Edgar_FindsTheCompanyByItsName_AndReadsTheListOnce()
    {
        await using var server = await VendorServer.StartAsync(c => c.Response.WriteAsync(c.Request.Path.Value!.Contains("tickers", StringComparison.Ordinal)
            ? """{"0":{"cik_str":11111,"ticker":"UMB","title":"UMBRA CASTINGS INC"},"1":{"cik_str":22222,"ticker":"TWO","title":"Twin Corp"},"2":{"cik_str":33333,"ticker":"TWI","title":"TWIN CORP."}}"""
            : """{"cik":"11111","sic":"3490","sicDescription":"Miscellaneous Fabricated Metal Products","addresses":{"business":{"city":"AUSTIN","stateOrCountryDescription":"TX"}},"filings":{"recent":{"form":["4","8-K","10-Q"],"filingDate":["2026-11-10","2026-11-02","2026-10-30"]}}}"""));
        using var http = new OutsideHttp(new EnrichmentOptions { PrivateHosts = server.Host });
        var source = new EdgarSource(http, new ManualTime(), server.Url("/"), server.Url("/"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => source.AskAsync(Ask("umbra.test", "Umbra Castings"), CancellationToken.None)));

        answers[0].Values.Select(v => (v.Attribute, v.Value)).ShouldBe([("sic", "3490"), ("industry", "Miscellaneous Fabricated Metal Products"), ("region", "TX"), ("city", "AUSTIN"), ("cik", "11111"), ("event.filing", "2026-11-02")]);
        server.Calls.Count(c => c.Path.Contains("tickers", StringComparison.Ordinal)).ShouldBe(1);
        server.Calls.ShouldContain(c => c.Path == "/submissions/CIK0000011111.json");
        (await source.AskAsync(Ask("twin.test", "Twin Corporation"), CancellationToken.None)).Kind.ShouldBe(AnswerKind.Nothing);
        (await source.AskAsync(Ask("x.test", "Unheard Of"), CancellationToken.None)).Kind.ShouldBe(AnswerKind.Nothing);
    }

    /// <summary>Each shipped definition on an answer of its vendor's shape.</summary>
    [Theory]
    [InlineData("people-data-labs", """{"status":200,"name":"umbra","employee_count":412,"industry":"manufacturing","founded":1999,"location":{"country":"india","region":"maharashtra","locality":"pune"},"naics":[{"naics_code":"331511"}],"linkedin_url":"x"}""", "employees=412|industry=manufacturing|foundedIn=1999|country=india|region=maharashtra|city=pune|naics=331511")]
    [InlineData("apollo", """{"organization":{"estimated_num_employees":412,"industry":"manufacturing","annual_revenue":5200000,"technology_names":["SAP","Zoho CRM"],"latest_funding_round_date":"2026-08-01"}}""", "employees=412|industry=manufacturing|annualRevenue=5200000|technologies=SAP, Zoho CRM|event.funding=2026-08-01")]
    [InlineData("companies-house", """{"items":[{"company_name":"UMBRA CASTINGS LIMITED","company_number":"01234567","company_status":"active","sic_codes":["24510"],"date_of_creation":"1999-05-01","registered_office_address":{"locality":"Leeds"}}]}""", "companyNumber=01234567|companyStatus=active|sic=24510|incorporatedOn=1999-05-01|city=Leeds")]
    [InlineData("companies-house", """{"items":[{"company_name":"UMBRA HOLDINGS LTD","company_number":"7"}]}""", "")]
    [InlineData("builtwith", """{"Results":[{"Result":{"Paths":[{"Technologies":[{"Name":"SAP"}]},{"Technologies":[{"Name":"Hotjar"},{"Name":"SAP"}]}]},"Meta":{"Vertical":"Industrial"}}]}""", "technologies=SAP, Hotjar|vertical=Industrial")]
    [InlineData("newsapi", """{"status":"ok","articles":[{"title":"Umbra Castings raises record funding","url":"https://news.example.com/1","publishedAt":"2026-11-10T10:00:00Z"},{"title":"Umbrella sales rise","url":"https://news.example.com/2","publishedAt":"2026-11-11T10:00:00Z"}]}""", "news=Umbra Castings raises record funding|newsSentiment=0.6|event.funding=2026-11-10")]
    [InlineData("gdelt", """{"articles":[{"title":"Umbra Castings opens new plant","url":"javascript:alert(1)","seendate":"20261101T081500Z"},{"title":"Layoffs at Umbra Castings","url":"https://news.example.com/3","seendate":"20260901T081500Z"}]}""", "news=Umbra Castings opens new plant|news=Layoffs at Umbra Castings|newsSentiment=-0.006|event.expansion=2026-11-01|event.layoffs=2026-09-01")]
    public async Task ShippedDefinition_ReadsItsVendorsAnswer(string name, string json, string expected)
    {
        await using var server = await VendorServer.StartAsync(c => c.Response.WriteAsync(json));
        var definition = EnrichmentSources.Shipped().Single(d => d.Name == name);
        using var http = new OutsideHttp(new EnrichmentOptions { PrivateHosts = server.Host });
        var source = new HttpSource(definition with { Url = $"http://{server.Host}{new Uri(definition.Url.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)).PathAndQuery}" }, http, new ManualTime());

        var answer = await source.AskAsync(Ask("umbra.test", "Umbra Castings"), CancellationToken.None);

        string.Join('|', answer.Values.Select(v => $"{v.Attribute}={v.Value}")).ShouldBe(expected);
        answer.Values.ShouldAllBe(v => v.Url == null || !v.Url.StartsWith("javascript", StringComparison.Ordinal));
    }

    private static SourceQuestion Ask(string domain, string name = "Umbra") => new(new TenantId(Guid.CreateVersion7()), Guid.CreateVersion7(), name, domain, null, "key");

    private static async Task ServeUdpAsync(UdpClient server, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var question = await server.ReceiveAsync(stop);
                if (Answer(question.Buffer, overTcp: false) is { } answer)
                {
                    await server.SendAsync(answer, question.RemoteEndPoint, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private static async Task ServeTcpAsync(TcpListener listener, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop);
                var stream = client.GetStream();
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, stop);
                var question = new byte[(length[0] << 8) | length[1]];
                await stream.ReadExactlyAsync(question, stop);
                var answer = Answer(question, overTcp: true)!;
                await stream.WriteAsync((byte[])[(byte)(answer.Length >> 8), (byte)answer.Length, .. answer], stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    /// <summary>Header, question, and records whose name points to the question's.</summary>
    private static byte[]? Answer(byte[] question, bool overTcp)
    {
        var end = 12;
        var labels = new List<string>();
        while (question[end] != 0)
        {
            labels.Add(System.Text.Encoding.ASCII.GetString(question, end + 1, question[end]));
            end += 1 + question[end];
        }

        var (host, type) = (string.Join('.', labels), question[end + 2]);
        byte[] Head(byte flags, byte code, int answers) => [question[0], question[1], (byte)(0x80 | flags), code, 0, 1, 0, (byte)answers, 0, 0, 0, 0, .. question[12..(end + 5)]];
        byte[] Record(byte[] data) => [0xC0, 12, 0, type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data];
        byte[] Text(string text) => [(byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)];
        byte[] Name(string name) => [.. name.Split('.').SelectMany(Text), 0];
        return host switch
        {
            "silent.test" => null,
            "broken.test" => Head(0, 2, 0),
            "nowhere.test" => Head(0, 3, 0),
            "loop.test" => [.. Head(0, 0, 1), 0xC0, (byte)(end + 5), 0, type, 0, 1, 0, 0, 0, 60, 0, 0],
            "short.test" => [.. Head(0, 0, 1), 0xC0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, 200, 1],
            _ when type == 15 => [.. Head(0, 0, 2), .. Record([0, 20, .. Name("alt1.aspmx.l.google.com")]), .. Record([0, 10, .. Name("aspmx.l.google.com")])],
            _ when !overTcp => Head(0x02, 0, 0),
            _ => [.. Head(0, 0, 3), .. Record(Text("v=spf1 include:_spf.google.com include:_spf.salesforce.com ~all")), .. Record([.. Text("hubspot-developer-"), .. Text("verification=abc")]), .. Record(Text("ZOOM_verify_abc"))],
        };
    }
}
