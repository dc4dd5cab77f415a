using System.ComponentModel.DataAnnotations;

namespace AIX.Web.Api;

/// <summary>Limits of the HTTP API.</summary>
public sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>Requests per second and API key.</summary>
    [Range(1, 10_000)]
    public int RequestsPerSecond { get; set; } = 100;

    /// <summary>Requests that may come at once on top of it.</summary>
    [Range(1, 100_000)]
    public int Burst { get; set; } = 200;

    /// <summary>Submissions per minute, remote address and web form.</summary>
    [Range(1, 1000)]
    public int FormPostsPerMinute { get; set; } = 10;

    /// <summary>Largest JSON body, bytes.</summary>
    [Range(10_000, 100_000_000)]
    public long MaxJsonBytes { get; set; } = 10_000_000;
}
