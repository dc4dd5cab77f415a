using System.Text.Json;
using AIX.Core.Leads.Intake;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Leads;

/// <summary>Takes leads from the JSON API and from web forms.</summary>
public sealed class SubmitLeads
{
    /// <summary>Most items of one call.</summary>
    public const int MaxItems = 1000;

    private readonly IntakeLeads _intake;
    private readonly ITenantStore _tenants;
    private readonly IntakeOptions _options;

    internal SubmitLeads(IntakeLeads intake, ITenantStore tenants, IntakeOptions options) => (_intake, _tenants, _options) = (intake, tenants, options);

    /// <param name="body">One lead, or an array of 1 to 1,000.</param>
    public async Task<Result<IReadOnlyList<IntakeItem>>> ExecuteAsync(TenantId tenantId, SourceKind kind, Guid? sourceId, JsonElement body, CancellationToken ct)
    {
        var elements = body.ValueKind == JsonValueKind.Array ? body.EnumerateArray().ToList() : [body];
        if (body.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) || elements.Count is 0 or > MaxItems)
        {
            return new Error(ErrorKind.Invalid, "invalid-body", $"Send one lead as a JSON object, or an array of 1 to {MaxItems:N0} of them.");
        }

        var tenant = await _tenants.GetAsync(tenantId, ct);
        using var builder = new DraftBuilder(tenant, _options.DemoBlockIsMobile);
        var refused = new List<IntakeItem>();
        var drafts = new List<LeadDraft>(elements.Count);
        for (var i = 0; i < elements.Count; i++)
        {
            var (draft, errors) = JsonDrafts.Read(elements[i], i, builder);
            if (draft is null || errors.Count > 0)
            {
                refused.Add(new IntakeItem(i, IntakeStatus.Rejected, null, errors));
            }
            else
            {
                drafts.Add(draft);
            }
        }

        var items = drafts.Count == 0 ? [] : await _intake.ExecuteAsync(new IntakeBatch(tenantId, kind, sourceId, drafts, CollisionRules.Default), ct);
        return items.Concat(refused).OrderBy(i => i.Index).ToList();
    }
}
