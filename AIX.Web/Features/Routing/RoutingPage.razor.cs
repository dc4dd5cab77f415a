using System.Globalization;
using AIX.Core.Routing;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Routing;

/// <summary>A condition while it is edited.</summary>
public sealed class EditedCondition
{
    public string Field { get; set; } = "band";

    public RuleOperator Operator { get; set; }

    public string Value { get; set; } = "";
}

/// <summary>A rule while it is edited.</summary>
public sealed class EditedRule
{
    public Guid Id { get; init; }

    public string Name { get; set; } = "";

    public bool Enabled { get; set; } = true;

    public List<EditedCondition> Conditions { get; init; } = [];

    public AssignTo Assign { get; set; }

    public Guid? User { get; set; }

    public string TerritoryField { get; set; } = "region";

    /// <summary>User → values, parted by commas.</summary>
    public Dictionary<Guid, string?> Territories { get; init; } = [];

    public RuleThen Then { get; set; }

    public int? Days { get; set; }

    public static EditedRule Of(ReadRule rule) => new()
    {
        Id = rule.Rule.Id,
        Name = rule.Rule.Name,
        Enabled = rule.Rule.Enabled,
        Conditions = [.. rule.Document.Conditions.Select(c => new EditedCondition { Field = c.Field, Operator = c.Operator, Value = c.Value })],
        Assign = rule.Document.Assign,
        User = rule.Document.Users is [var only, ..] ? only : null,
        TerritoryField = rule.Document.TerritoryField,
        Territories = rule.Document.Territories.GroupBy(t => t.Value).ToDictionary(g => g.Key, g => (string?)string.Join(", ", g.Select(t => t.Key))),
        Then = rule.Document.Then,
        Days = rule.Document.ReevaluateDays,
    };

    public ReadRule Read(TenantId tenant, int position) => new(
        new RoutingRule { TenantId = tenant, Id = Id, Position = position, Name = Name, Enabled = Enabled, Document = "{}" },
        new RuleDocument
        {
            Conditions = [.. Conditions.Select(c => new RuleCondition(c.Field.Trim(), c.Operator, c.Value.Trim()))],
            Assign = Assign,
            Users = Assign == AssignTo.Named && User is { } user ? [user] : [],
            TerritoryField = TerritoryField.Trim(),
            Territories = Territories.SelectMany(t => (t.Value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(v => (v, t.Key))).DistinctBy(t => t.v).ToDictionary(t => t.v, t => t.Key),
            Then = Then,
            ReevaluateDays = Days,
        });
}

/// <summary>The tenant's routing rules: edited, tried on all leads, saved.</summary>
public sealed partial class RoutingPage(IRoutingStore store, ManageRules manage, IPeople people, ICurrentTenant current, CurrentUser user, Toasts toasts, TimeProvider time, IStringLocalizer<Texts> texts) : ComponentBase
{
    private List<EditedRule>? _rules;
    private IReadOnlyList<Person> _agents = [];
    private RulesPreview? _preview;
    private string? _error;
    private bool _busy;

    private IReadOnlyList<ReadRule> Read => [.. (_rules ?? []).Select((r, i) => r.Read(current.Id!.Value, i))];

    protected override async Task OnInitializedAsync()
    {
        _agents = [.. (await people.ListAsync(current.Id!.Value, CancellationToken.None)).Where(p => p.Role == Role.Agent)];
        _rules = [.. (await store.RulesAsync(current.Id!.Value, CancellationToken.None)).Select(EditedRule.Of)];
    }

    private void Add() => _rules!.Add(new EditedRule { Id = Guid.CreateVersion7(time.GetUtcNow()), Name = texts["routing.newname"], Assign = AssignTo.InTurn, Conditions = [new EditedCondition { Value = "hot" }] });

    private void Remove(int at)
    {
        var gone = _rules![at];
        _rules.RemoveAt(at);
        toasts.Show(texts["routing.removed", gone.Name], action: texts["action.undo"], act: () => InvokeAsync(() =>
        {
            _rules.Insert(Math.Min(at, _rules.Count), gone);
            StateHasChanged();
        }));
    }

    private void Move(int at, int step)
    {
        var rule = _rules![at];
        _rules.RemoveAt(at);
        _rules.Insert(at + step, rule);
    }

    private async Task PreviewAsync()
    {
        (_busy, _error) = (true, null);
        var preview = await manage.PreviewAsync(current.Id!.Value, Read, CancellationToken.None);
        (_busy, _preview, _error) = (false, preview.IsOk ? preview.Value : null, preview.Error?.Message);
    }

    private async Task SaveAsync()
    {
        var saved = await manage.SaveAsync(current.Id!.Value, user.Actor, Read, CancellationToken.None);
        _error = saved.Error?.Message;
        if (saved.IsOk)
        {
            toasts.Show(texts["routing.saved"]);
        }
    }

    private static string Show(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
