using System.ComponentModel.DataAnnotations;

namespace AIX.Core.Calls;

/// <summary>How calls are placed.</summary>
public sealed class CallOptions
{
    public const string Section = "Calls";

    /// <summary>Address under which the provider reaches this program, https in production; empty takes the program's own, which does for the simulator.</summary>
    public string PublicBaseUrl { get; init; } = "";

    /// <summary>Seconds that a phone rings, 5 to 60.</summary>
    [Range(5, 60)]
    public int RingSeconds { get; init; } = 25;

    /// <summary>Seconds that a call lasts at most, 30 to 3,600; it is ended from outside when it goes on.</summary>
    [Range(30, 3600)]
    public int MaxSeconds { get; init; } = 600;

    /// <summary>Seconds after which a call without any sign of life is looked up at the provider, 5 to 600.</summary>
    [Range(5, 600)]
    public int SilentSeconds { get; init; } = 45;

    /// <summary>Seconds after which an attempt that the provider never heard of has failed, 10 to 600.</summary>
    [Range(10, 600)]
    public int UncertainSeconds { get; init; } = 60;

    /// <summary>Seconds between two comparisons of the attempts with the provider's records, 5 to 3,600.</summary>
    [Range(5, 3600)]
    public int ReconcileSeconds { get; init; } = 300;

    /// <summary>Ends live calls from a route's caller id that no attempt knows. False only reports them: for caller ids that another program uses as well.</summary>
    public bool EndOrphans { get; init; } = true;

    /// <summary>Number that calls are handed to when somebody asks for a person; empty answers that a colleague will call.</summary>
    public string HandOverNumber { get; init; } = "";

    /// <summary>Milliseconds that a language model may take to put an article's answer into words, 0 to 5,000; 0 never asks it. Afterwards the article is said as it stands.</summary>
    [Range(0, 5_000)]
    public int PhraseMilliseconds { get; init; } = 900;

    /// <summary>First name that the assistant gives itself.</summary>
    public string AssistantName { get; init; } = "Mira";

    /// <summary>Conversations that the installation holds at once, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int Sessions { get; init; } = 200;

    /// <summary>How many seconds of the program's clock pass in one, 1 to 600: for rehearsals with the simulator, whose clock runs faster. 1 in production.</summary>
    [Range(1, 600)]
    public double ClockSpeed { get; init; } = 1;

    /// <summary>Hosts the simulator and its two routes; only in Development.</summary>
    public bool Simulator { get; init; }

    /// <summary>Address of the program that hosts the simulated network, when it is another one; empty for this one.</summary>
    public string SimulatorUrl { get; init; } = "";

    /// <summary>How many simulated seconds pass in one, 1 to 600.</summary>
    [Range(1, 600)]
    public double SimulatorSpeed { get; init; } = 4;

    /// <summary>Faults of the simulated network: <c>duplicated=0.05 lost=0.05 reordered=0.1 timeouts=0.02</c>; <c>answered=0.2</c> makes all people alike, of whom that share answers for two turns. Empty for none.</summary>
    public string SimulatorFaults { get; init; } = "";

    /// <summary>Program that speaks the simulator's recordings, when it is installed; they are tones without it.</summary>
    public string EspeakProgram { get; init; } = "espeak-ng";

    /// <summary>Time at which the program's clock starts while the simulator is on, ISO 8601; <c>file:PATH</c> shares a clock with other programs; empty is the real time.</summary>
    public string SimulatorClock { get; init; } = "";
}

/// <summary>Where recordings are kept: files in the data folder, or a bucket of a store that speaks S3. Encrypted by this program in both.</summary>
public sealed class RecordingOptions
{
    public const string Section = "Recordings";

    /// <summary>Address of the store, such as <c>https://s3.ap-south-1.amazonaws.com</c>; empty keeps files.</summary>
    public string S3Url { get; init; } = "";

    public string S3Bucket { get; init; } = "";

    /// <summary>Region that requests are signed for.</summary>
    public string S3Region { get; init; } = "ap-south-1";

    public string S3AccessKey { get; init; } = "";

    public string S3SecretKey { get; init; } = "";
}

/// <summary>The routes that calls may take.</summary>
public sealed class CallRouteList
{
    public const string Section = "CallRoutes";

    public IReadOnlyList<RouteOptions> Routes { get; init; } = [];
}

/// <summary>An account at a provider.</summary>
public sealed class RouteOptions
{
    public string Name { get; init; } = "";

    /// <summary>Address of the REST interface; empty is the vendor's own.</summary>
    public string BaseUrl { get; init; } = "";

    /// <summary>Edge and region of the vendor's network, both or neither.</summary>
    public string Edge { get; init; } = "";

    public string Region { get; init; } = "";

    public string AccountSid { get; init; } = "";

    /// <summary>Primary token: signs what the provider sends.</summary>
    public string AuthToken { get; init; } = "";

    /// <summary>The token before, while it is being changed.</summary>
    public string OldAuthToken { get; init; } = "";

    /// <summary>API key, when REST is not to use the account's token.</summary>
    public string ApiKey { get; init; } = "";

    public string ApiSecret { get; init; } = "";

    public string CallerId { get; init; } = "";

    /// <summary>International, Series140, Series1600 or Landline.</summary>
    public string CallerIdKind { get; init; } = "International";

    /// <summary>Ids of the organisations that the caller id belongs to, with commas between; empty for all of this installation.</summary>
    public string Owners { get; init; } = "";

    [Range(0.1, 100)]
    public double CallsPerSecond { get; init; } = 1;

    [Range(1, 1000)]
    public int MaxConcurrent { get; init; } = 10;
}
