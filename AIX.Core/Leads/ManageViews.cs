using System.Text.Json;
using System.Text.Json.Serialization;
using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>What a saved view keeps: filter, order and columns.</summary>
public sealed record ViewDefinition(LeadFilter Filter, IReadOnlyList<string> Columns);

public sealed record ViewRow(Guid Id, string Name, bool Shared, bool Mine, ViewDefinition Definition);

public interface IViewStore
{
    /// <summary>The person's own views and those that others share.</summary>
    Task<IReadOnlyList<LeadView>> ListAsync(TenantId tenant, Guid user, CancellationToken ct);

    Task SaveAsync(LeadView view, CancellationToken ct);

    /// <returns>False when the person owns no such view.</returns>
    Task<bool> RemoveAsync(TenantId tenant, Guid user, Guid view, CancellationToken ct);
}

/// <summary>Saved views of the lead table.</summary>
public sealed class ManageViews(IViewStore store, IAuditLog audit, TimeProvider time)
{
    public const int MaxViews = 50;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter() } };

    public async Task<IReadOnlyList<ViewRow>> ListAsync(TenantId tenant, Guid user, CancellationToken ct) =>
        [.. (await store.ListAsync(tenant, user, ct)).Select(v => new ViewRow(v.Id, v.Name, v.Shared, v.OwnerId == user, JsonSerializer.Deserialize<ViewDefinition>(v.Definition, Json)!))];

    public async Task<Result<Guid>> SaveAsync(TenantId tenant, Guid user, string? name, bool shared, ViewDefinition definition, CancellationToken ct)
    {
        if (FreeText.Clean(name) is not { Length: <= 60 } clean)
        {
            return new Error(ErrorKind.Invalid, "invalid-name", "Give the view a name of 1 to 60 characters.", "name");
        }

        if ((await store.ListAsync(tenant, user, ct)).Count(v => v.OwnerId == user) >= MaxViews)
        {
            return new Error(ErrorKind.Invalid, "too-many-views", $"You have {MaxViews} views; remove one first.", "name");
        }

        var now = time.GetUtcNow();
        var kept = definition with { Filter = definition.Filter with { Cursor = null, Ids = null } };
        var view = new LeadView { TenantId = tenant, Id = Guid.CreateVersion7(now), OwnerId = user, Name = clean, Shared = shared, Definition = JsonSerializer.Serialize(kept, Json), CreatedAt = now };
        await store.SaveAsync(view, ct);
        await audit.AppendAsync(tenant, Actor.User(user), "view.saved", new { view.Id, shared }, ct);
        return view.Id;
    }

    public Task<bool> RemoveAsync(TenantId tenant, Guid user, Guid view, CancellationToken ct) => store.RemoveAsync(tenant, user, view, ct);
}
