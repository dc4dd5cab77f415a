using AIX.Core.Tenancy;

namespace AIX.Core.Scoring;

/// <summary>A registered model, loaded.</summary>
public sealed record ServedModel(int Version, TrainedModel Model);

/// <summary>Models of a tenant as this node serves them: loaded once, swapped as a whole on promotion.</summary>
public interface IServingModels
{
    /// <summary>The champion; null while the profile alone scores.</summary>
    Task<ServedModel?> ChampionAsync(TenantId tenant, CancellationToken ct);

    /// <summary>The model that is to show itself better; null where there is none.</summary>
    Task<ServedModel?> ChallengerAsync(TenantId tenant, CancellationToken ct);

    /// <summary>A version by its number, for ledgers of older scores; null when there is none, or when its file is of another program version.</summary>
    Task<ServedModel?> FindAsync(TenantId tenant, int version, CancellationToken ct);
}
