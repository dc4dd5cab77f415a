using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using AIX.Bench.Vendors;
using AIX.Core.Enrichment;
using AIX.Core.Tenancy;
using AIX.Infrastructure.Enrichment.Http;
using AIX.Infrastructure.Enrichment.Public;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace AIX.Tests.Enrichment;

/// <summary>Strangers' pages cost bounded time and space, and never lead into the own network.</summary>
public class OutsideTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::10.0.0.1", false)]
    [InlineData("2002:7f00:1::", false)]
    public void Address_IsPublicOrNot(string address, bool expected) => PublicAddress.Is(IPAddress.Parse(address)).ShouldBe(expected);

    /// <summary>Prevents: a page of the own network read through a lead's domain, by its name, by a redirect, by a name that changes its mind, or by a scheme.</summary>
    [Fact]
    public async Task OwnNetwork_IsNotReached()
    {
        await using var inside = await VendorServer.StartAsync(c => c.Response.WriteAsync("secret"));
        await using var outside = await VendorServer.StartAsync(c =>
        {
            c.Response.Redirect(c.Request.Path == "/to-inside" ? inside.Url("/").AbsoluteUri : c.Request.Path == "/to-name" ? "http://metadata.test/" : "file:///etc/passwd", false);
            return Task.CompletedTask;
        });
        var asked = 0;
        using var http = new OutsideHttp(new EnrichmentOptions { PrivateHosts = outside.Host }, (host, _) => Task.FromResult<IPAddress[]>(++asked > 0 && host == "metadata.test" ? [IPAddress.Parse("169.254.169.254")] : [IPAddress.Parse("93.184.216.34"), IPAddress.Loopback]));

        foreach (var (url, expected) in new[]
        {
            (inside.Url("/").AbsoluteUri, "not a web port"), ("http://127.0.0.1/", "not a public address"), ("http://localhost/", "not a public address"), ("http://rebinding.test/", "not a public address"), ("http://[::1]/", "not a public address"),
            ("http://2130706433/", "not a public address"), ("file:///etc/passwd", "not http"), (outside.Url("/to-inside").AbsoluteUri, "not a web port"), (outside.Url("/to-name").AbsoluteUri, "not a public address"), (outside.Url("/to-file").AbsoluteUri, "not http"),
        })
        {
            (await Should.ThrowAsync<OutsideRefusedException>(() => GetAsync(http, url), url)).Message.ShouldContain(expected, Case.Sensitive, url);
        }

        inside.Calls.ShouldBeEmpty();
    }

    /// <summary>Ten megabytes, a gzip bomb, a gzip that is none, redirects without end, bytes that are no UTF-8: bounded, with a clear word.</summary>
    [Fact]
    public async Task HostilePages_CostBoundedTimeAndSpace()
    {
        await using var server = await VendorServer.StartAsync(async c =>
        {
            c.Response.ContentType = "text/html";
            switch (c.Request.Path)
            {
                case "/robots.txt":
                    c.Response.StatusCode = 404;
                    break;
                case "/big":
                    for (var i = 0; i < 10_000; i++)
                    {
                        await c.Response.WriteAsync(new string('a', 1_000));
                    }

                    break;
                case "/bomb":
                    c.Response.Headers.ContentEncoding = "gzip";
                    await using (var zip = new GZipStream(c.Response.Body, CompressionLevel.SmallestSize))
                    {
                        for (var i = 0; i < 2_000; i++)
                        {
                            await zip.WriteAsync(new byte[100_000]);
                        }
                    }

                    break;
                case "/no-gzip":
                    c.Response.Headers.ContentEncoding = "gzip";
                    await c.Response.WriteAsync("this is no gzip at all, whatever the header says");
                    break;
                case "/binary":
                    await c.Response.Body.WriteAsync(Enumerable.Range(0, 5_000).Select(i => (byte)(i * 37)).ToArray());
                    break;
                case "/deep":
                    await c.Response.WriteAsync(string.Concat(Enumerable.Repeat("<div><script type='application/ld+json'>{\"a\":[[[[</script>", 15_000)));
                    break;
                default:
                    c.Response.Redirect("/again", false);
                    break;
            }
        });
        using var http = new OutsideHttp(new EnrichmentOptions { PrivateHosts = server.Host });
        var source = new WebsiteSource(http);
        var clock = Stopwatch.StartNew();

        (await source.ReadAsync(server.Url("/big"), CancellationToken.None)).Note.ShouldNotBeNull().ShouldContain("larger than 1 MB");
        (await source.ReadAsync(server.Url("/bomb"), CancellationToken.None)).Note.ShouldNotBeNull().ShouldContain("larger than 1 MB");
        (await source.ReadAsync(server.Url("/no-gzip"), CancellationToken.None)).Note.ShouldNotBeNull().ShouldContain("compressed");
        (await source.ReadAsync(server.Url("/again"), CancellationToken.None)).Note.ShouldNotBeNull().ShouldContain("redirects more than");
        (await source.ReadAsync(server.Url("/binary"), CancellationToken.None)).Kind.ShouldBe(AnswerKind.Nothing);
        (await source.ReadAsync(server.Url("/deep"), CancellationToken.None)).Kind.ShouldBe(AnswerKind.Nothing);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Website_TellsTechnologiesAndWhatItSaysOfItself()
    {
        await using var server = await VendorServer.StartAsync(c =>
        {
            c.Response.ContentType = "text/html; charset=utf-8";
            c.Response.Headers.Append("Set-Cookie", "_shopify_s=1; path=/");
            return c.Request.Path == "/robots.txt" ? c.Response.WriteAsync("User-agent: *\nDisallow: /private") : c.Response.WriteAsync(
                """
                <html lang="en-IN"><head><meta name="description" content="Umbra Castings makes valves for water works."><script src="https://checkout.razorpay.com/v1/checkout.js"></script><script src="https://js.hs-scripts.com/1.js"></script>
                <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite"},{"@type":"Organization","name":"Umbra Castings","numberOfEmployees":{"@type":"QuantitativeValue","value":75},"address":{"addressLocality":"Pune","addressCountry":"IN"}}]}</script></head><body>Valves</body></html>
                """);
        });
        using var http = new OutsideHttp(new EnrichmentOptions { PrivateHosts = server.Host });
        var source = new WebsiteSource(http);

        var answer = await source.ReadAsync(server.Url("/"), CancellationToken.None);

        var values = answer.Values.ToDictionary(v => v.Attribute);
        values["technologies"].Value.Split(", ").ShouldBe(["HubSpot", "Razorpay", "Shopify"], ignoreOrder: true);
        (values["employees"].Value, values["city"].Value, values["siteLanguage"].Value).ShouldBe(("75", "Pune", "en"));
        values["description"].Value.ShouldStartWith("Umbra Castings makes valves");
        values["employees"].Url.ShouldBe(server.Url("/").AbsoluteUri);
        (await source.ReadAsync(server.Url("/private"), CancellationToken.None)).Note.ShouldNotBeNull().ShouldContain("robots.txt");
    }

    [Theory]
    [InlineData("", "/", true)]
    [InlineData("User-agent: *\nDisallow: /", "/", false)]
    [InlineData("User-agent: *\nDisallow:", "/", true)]
    [InlineData("User-agent: badbot\nDisallow: /", "/", true)]
    [InlineData("User-agent: AIX\nDisallow: /\n\nUser-agent: *\nAllow: /", "/", false)]
    [InlineData("User-agent: a\nUser-agent: *\nDisallow: /x*y$\nAllow: /x", "/x1y", false)]
    [InlineData("User-agent: *\nDisallow: /x\nAllow: /x/open", "/x/open/1", true)]
    public void Robots_RulesAreRead(string robots, string path, bool expected) => RobotsFile.Allows(robots, path).ShouldBe(expected);

    /// <summary>Answers in the vendors' shapes, and their refusals: throttled with 429, throttled with 200 and prose, keys that are not accepted, nonsense.</summary>
    [Fact]
    public async Task Definition_ReadsAnswers_AndTakesNoRefusalForNothing()
    {
        string? sentKey = null;
        await using var server = await VendorServer.StartAsync(async c =>
        {
            sentKey = c.Request.Headers["X-Key"];
            switch ((string?)c.Request.Query["d"])
            {
                case "known.test":
                    await c.Response.WriteAsync("""{"company":{"name":"Known","size":120,"tech":[{"n":"SAP"},{"n":"Tally"}],"hq":{"country":null}},"link":"https://vendor.example.com/known"}""");
                    break;
                case "unknown.test":
                    c.Response.StatusCode = 404;
                    break;
                case "busy.test":
                    c.Response.StatusCode = 429;
                    c.Response.Headers.RetryAfter = "17";
                    break;
                case "prose.test":
                    await c.Response.WriteAsync("Please limit requests to one every 5 seconds");
                    break;
                case "window.test":
                    c.Response.StatusCode = 429;
                    c.Response.Headers["x-reset"] = DateTimeOffset.FromUnixTimeSeconds(2_000_000_100).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
                    break;
                case "unpaid.test":
                    c.Response.StatusCode = 402;
                    break;
                case "broken.test":
                    c.Response.StatusCode = 500;
                    break;
                default:
                    await c.Response.WriteAsync("<html>maintenance</html>");
                    break;
            }
        });
        var definition = SourceDefinition.Read("vendor.json", $$"""
            { "name": "vendor", "title": "Vendor", "kind": "firmographic", "url": "http://{{server.Host}}/v1?d={domain}", "headers": { "X-Key": "{key}" }, "price": 0.1, "ratePerSecond": 5, "hitRate": 0.5, "reliability": 0.8, "link": "$.link",
              "values": { "employees": "$.company.size", "technologies": "$.company.tech[*].n", "country": "$.company.hq.country" }, "throttleWords": ["Please limit"], "resetHeader": "X-Reset" }
            """);
        using var http = new OutsideHttp(new EnrichmentOptions { PrivateHosts = server.Host });
        var source = new HttpSource(definition, http, new Support.ManualTime(DateTimeOffset.FromUnixTimeSeconds(2_000_000_000)));
        Task<SourceAnswer> AskAsync(string domain) => source.AskAsync(new SourceQuestion(new TenantId(Guid.CreateVersion7()), Guid.CreateVersion7(), "Name", domain, null, "s3cret\r\nX-Evil: 1"), CancellationToken.None);

        var known = await AskAsync("known.test");
        known.Values.ShouldBe([new SourcedValue("employees", "120", "https://vendor.example.com/known"), new SourcedValue("technologies", "SAP, Tally", "https://vendor.example.com/known")]);
        sentKey.ShouldBe("s3cretX-Evil: 1");
        (await AskAsync("unknown.test")).Kind.ShouldBe(AnswerKind.Nothing);
        (await AskAsync("busy.test")).ShouldSatisfyAllConditions(a => a.Kind.ShouldBe(AnswerKind.NotMeasured), a => a.RetryAfter.ShouldBe(TimeSpan.FromSeconds(17)));
        (await AskAsync("prose.test")).ShouldSatisfyAllConditions(a => a.Kind.ShouldBe(AnswerKind.NotMeasured), a => a.RetryAfter.ShouldNotBeNull());
        (await AskAsync("window.test")).RetryAfter.ShouldBe(TimeSpan.FromSeconds(100));
        (await AskAsync("unpaid.test")).Note.ShouldNotBeNull().ShouldContain("credits");
        (await AskAsync("broken.test")).ShouldSatisfyAllConditions(a => a.Kind.ShouldBe(AnswerKind.NotMeasured), a => a.RetryAfter.ShouldBeNull(), a => a.Note.ShouldNotBeNull().ShouldContain("500"));
        (await AskAsync("nonsense.test")).Note.ShouldBe("The answer is not JSON.");
    }

    [Theory]
    [InlineData("""{ "name": "x" }""", "title")]
    [InlineData("""{ "name": "x", "title": "X", "kind": "firmographic", "url": "https://x.test/{domain}", "ratePerSecond": 0, "hitRate": 0.5, "reliability": 0.8 }""", "ratePerSecond")]
    [InlineData("""{ "name": "x", "title": "X", "kind": "firmographic", "url": "https://x.test/{domain}", "ratePerSecond": 1, "hitRate": 0.5, "reliability": 0.8, "values": { "a": "b.c" } }""", "begins with $.")]
    [InlineData("""{ "name": "x", "title": "X", "kind": "firmographic", "url": "https://x.test/{domain}", "ratePerSecond": 1, "hitRate": 0.5, "reliability": 0.8, "vallues": {} }""", "vallues")]
    public void Definition_ThatIsWrong_SaysWhereAndWhat(string json, string expected) =>
        Should.Throw<InvalidDataException>(() => SourceDefinition.Read("mine.json", json)).Message.ShouldSatisfyAllConditions(m => m.ShouldStartWith("mine.json"), m => m.ShouldContain(expected));

    [Fact]
    public void ShippedDefinitions_AreAllThere() =>
        Infrastructure.Enrichment.EnrichmentSources.Shipped().Select(d => d.Name).ShouldBe(["apollo", "builtwith", "companies-house", "gdelt", "newsapi", "people-data-labs"], ignoreOrder: true);

    private static Task<OutsideResponse> GetAsync(OutsideHttp http, string url) => http.SendAsync(to => new HttpRequestMessage(HttpMethod.Get, to), new Uri(url), 1000, follow: true, CancellationToken.None);
}
