using System.ComponentModel.DataAnnotations;

namespace AIX.Core.Enrichment;

/// <summary>How a node asks outside sources.</summary>
public sealed class EnrichmentOptions
{
    public const string Section = "Enrichment";

    /// <summary>Seconds that one call may take.</summary>
    [Range(1, 120)]
    public int TimeoutSeconds { get; set; } = 8;

    /// <summary>Seconds that a batch waits for its turn at a source, if the source can then serve the whole batch; else the source is skipped.</summary>
    [Range(0, 60)]
    public int PatienceSeconds { get; set; } = 5;

    /// <summary>Calls to one source at the same time, per batch.</summary>
    [Range(1, 256)]
    public int Concurrency { get; set; } = 32;

    /// <summary>Days after which a company that a source did not know is asked for again.</summary>
    [Range(1, 365)]
    public int NothingDays { get; set; } = 7;

    /// <summary>Folder with definitions of further HTTP sources (*.json). Empty: the shipped ones only.</summary>
    public string SourcesFolder { get; set; } = "";

    /// <summary>Hosts with port (host:port, comma-separated) that may be asked although they are private: a source inside one's own network. Empty: public addresses only.</summary>
    public string PrivateHosts { get; set; } = "";

    /// <summary>Name and e-mail address that the program gives when it reads public sources (SEC asks for it).</summary>
    public string Contact { get; set; } = "AIX admin@example.com";

    /// <summary>Host of the DNS server, with port where it is not 53. Empty: the first of the system's.</summary>
    public string DnsServer { get; set; } = "";
}
