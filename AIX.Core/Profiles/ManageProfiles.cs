using System.Text.Json;
using AIX.Core.Auditing;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Profiles;

/// <summary>Drafts, publishes and reverts profiles.</summary>
public sealed class ManageProfiles(IProfileStore store, IAuditLog audit, TimeProvider time)
{
    /// <returns>The draft's version.</returns>
    public async Task<Result<int>> DraftAsync(TenantId tenant, Actor actor, IdealCustomerProfile profile, CancellationToken ct)
    {
        if (ProfileCheck.Of(profile) is { } error)
        {
            return error;
        }

        var version = await store.AddDraftAsync(tenant, profile, actor.Id is { } id ? $"{actor.Kind} {id}" : actor.Kind, time.GetUtcNow(), ct);
        await audit.AppendAsync(tenant, actor, "profile.drafted", new { version }, ct);
        return version;
    }

    /// <summary>Puts a draft, or an older version, into production. Every lead is matched and scored again in the background.</summary>
    public async Task<Result<int>> PublishAsync(TenantId tenant, Actor actor, int version, CancellationToken ct)
    {
        var before = (await store.CurrentAsync(tenant, ct)).Version;
        if (!await store.PublishAsync(tenant, version, ct))
        {
            return new Error(version == before ? ErrorKind.Conflict : ErrorKind.NotFound, version == before ? "already-published" : "unknown-profile", version == before ? $"Version {version} is in production already." : $"There is no version {version} of the profile.");
        }

        await audit.AppendAsync(tenant, actor, "profile.published", new { version, before }, ct);
        return version;
    }
}

/// <summary>Profiles as JSON.</summary>
public static class ProfileDocument
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(IdealCustomerProfile profile) => JsonSerializer.Serialize(profile, Json);

    /// <summary>A version is given when it is stored; a document need not name one.</summary>
    public static Result<IdealCustomerProfile> Read(string json)
    {
        try
        {
            var node = System.Text.Json.Nodes.JsonNode.Parse(json, null, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16 }) as System.Text.Json.Nodes.JsonObject;
            if (node is null)
            {
                return new Error(ErrorKind.Invalid, "invalid-profile", "A profile is a JSON object.");
            }

            node["version"] ??= 0;
            var profile = node.Deserialize<IdealCustomerProfile>(Json)!;
            return ProfileCheck.Of(profile) is { } error ? error : profile;
        }
        catch (JsonException ex)
        {
            return new Error(ErrorKind.Invalid, "invalid-profile", $"The profile cannot be read: {ex.Message}", ex.Path?.TrimStart('$', '.'));
        }
    }
}
