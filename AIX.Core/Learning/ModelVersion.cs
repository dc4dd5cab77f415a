using AIX.Core.Tenancy;

namespace AIX.Core.Learning;

/// <summary>A trained model in the registry; nothing in it ever changes. Version 1 is the profile itself and has no row.</summary>
public sealed class ModelVersion : ITenantOwned
{
    public required TenantId TenantId { get; init; }

    public required int Version { get; init; }

    /// <summary>Champion at the time of training; null when the profile scored.</summary>
    public int? Parent { get; init; }

    /// <summary>Family kept: <c>logistic</c>, <c>boosting</c>, <c>hybrid</c> …</summary>
    public required string Family { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why it was trained: <c>manual</c>, <c>nightly</c>, <c>outcomes</c>, <c>drift</c>, <c>calibration</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary>Outcomes that were known at this moment, and no later ones.</summary>
    public required DateTimeOffset AsOf { get; init; }

    public required int Outcomes { get; init; }

    public required int Won { get; init; }

    /// <summary>SHA-256 over the training set, hexadecimal.</summary>
    public required string DataHash { get; init; }

    /// <summary>JSON of <see cref="Scoring.TrainingOptions"/>.</summary>
    public required string Options { get; init; }

    /// <summary>JSON of <see cref="TrainingReport"/>.</summary>
    public required string Report { get; init; }

    /// <summary><see cref="Scoring.TrainedModel.Save"/>.</summary>
    public required byte[] File { get; init; }
}

/// <summary>A name that points to a version.</summary>
public sealed class ModelAlias : ITenantOwned
{
    public const string Champion = "champion";
    public const string Challenger = "challenger";
    public const string Shadow = "shadow";

    public required TenantId TenantId { get; init; }

    public required string Name { get; init; }

    public required int Version { get; init; }

    /// <summary>What it pointed to before, for the way back; 1 is the profile.</summary>
    public int? Previous { get; init; }

    public required DateTimeOffset SetAt { get; init; }
}
