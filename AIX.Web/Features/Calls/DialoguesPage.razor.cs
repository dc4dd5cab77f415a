using System.Text.Json;
using AIX.Core.Calls;
using AIX.Core.Conversations;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Calls;

/// <summary>What the assistant says: dialogues as graph and text, a tester that answers as on the phone, and the articles that it may answer from.</summary>
public sealed partial class DialoguesPage(IFlowBook book, IDialogueStore store, ManageCalls manage, ICallees callees, ICurrentTenant current, ITenantStore tenants, CurrentUser user, Toasts toasts, TimeProvider time, IStringLocalizer<Texts> texts) : ComponentBase
{
    private const int MaxJson = 200_000;
    private const int MaxPlayed = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly JsonSerializerOptions Indented = new(ShippedFlows.Json) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(bool Callee, string Text, string? Intent)> _said = [];
    private IReadOnlyList<DialogueFlow> _flows = [];
    private IReadOnlyList<FlowProblem> _problems = [];
    private IReadOnlyList<KnowledgeArticle> _articles = [];
    private DialogueFlow? _flow;
    private ConversationState? _state;
    private string? _node = "";
    private string _language = "en";
    private string _input = "";
    private string _articleLanguage = "en";
    private string _json = "";
    private string? _jsonError;
    private string _company = "";
    private string? _title;
    private string? _answer;

    private string _persona = "";
    private bool _playing;
    private bool _hungUp;

    private ICallees Callees => callees;

    private TenantId Tenant => current.Id!.Value;

    protected override async Task OnInitializedAsync()
    {
        _flows = await book.AllAsync(Tenant, CancellationToken.None);
        _articles = await store.ArticlesAsync(Tenant, CancellationToken.None);
        _company = (await tenants.GetAsync(Tenant, CancellationToken.None)).Name;
        Choose("qualification");
    }

    private void Choose(string key)
    {
        _flow = _flows.FirstOrDefault(f => f.Key == key) ?? _flows[0];
        (_node, _state, _problems) = ("", null, FlowCheck.Check(_flow));
        _said.Clear();
        (_json, _jsonError) = (JsonSerializer.Serialize(_flow, Indented), null);
    }

    /// <summary>Takes the whole dialogue as text: nodes are added and ways are laid there. What is wrong is said with its line.</summary>
    private void ApplyJson()
    {
        if (_json.Length > MaxJson)
        {
            _jsonError = texts["dialogues.jsonlong", MaxJson];
            return;
        }

        try
        {
            var read = JsonSerializer.Deserialize<DialogueFlow>(_json, ShippedFlows.Json)!;
            (_flow, _node, _state, _jsonError) = (read with { Key = _flow!.Key, Version = _flow.Version }, "", null, null);
            _problems = FlowCheck.Check(_flow);
            _said.Clear();
        }
        catch (JsonException ex)
        {
            _jsonError = ex.Message;
        }
    }

    private string TextOf(string language) => (string.IsNullOrEmpty(_node) ? _flow!.Opening : _flow!.Nodes[_node].Text).GetValueOrDefault(language, "");

    private void Edit(string language, string? typed)
    {
        var value = typed ?? "";
        if (string.IsNullOrEmpty(_node))
        {
            _flow = _flow! with { Opening = new Dictionary<string, string>(_flow.Opening) { [language] = value } };
        }
        else
        {
            Change(_flow!.Nodes[_node] with { Text = new Dictionary<string, string>(_flow.Nodes[_node].Text) { [language] = value } });
        }

        _problems = FlowCheck.Check(_flow!);
    }

    private void Change(FlowNode node) => _flow = _flow! with { Nodes = new Dictionary<string, FlowNode>(_flow.Nodes) { [_node!] = node } };

    /// <summary>A new question, reached from where one stands; it is laid out further in its form.</summary>
    private void AddNode()
    {
        var number = 1;
        while (_flow!.Nodes.ContainsKey($"node{number}"))
        {
            number++;
        }

        var key = $"node{number}";
        var end = _flow.Nodes.FirstOrDefault(n => n.Value.Kind == NodeKind.End).Key;
        var nodes = new Dictionary<string, FlowNode>(_flow.Nodes) { [key] = new FlowNode { Kind = NodeKind.Ask, Text = _flow.Languages.ToDictionary(l => l, _ => ""), Expects = SlotKind.YesNo, Next = end } };
        if (_node is { Length: > 0 } from && nodes[from].Kind is not (NodeKind.End or NodeKind.HandOver))
        {
            nodes[from] = nodes[from] with { Next = key };
            nodes[key] = nodes[key] with { Next = _flow.Nodes[from].Next ?? end };
        }

        Take(_flow with { Nodes = nodes });
        _node = key;
    }

    private void Take(DialogueFlow changed)
    {
        (_flow, _state, _problems, _json) = (changed, null, FlowCheck.Check(changed), JsonSerializer.Serialize(changed, Indented));
        _said.Clear();
        if (_node is { Length: > 0 } && !changed.Nodes.ContainsKey(_node))
        {
            _node = "";
        }
    }

    private async Task SaveAsync()
    {
        var saved = await manage.SaveFlowAsync(Tenant, user.Actor, _flow!, CancellationToken.None);
        if (!saved.IsOk)
        {
            toasts.Error(saved.Error.Message);
            return;
        }

        toasts.Show(texts["dialogues.saved", saved.Value]);
        _flows = await book.AllAsync(Tenant, CancellationToken.None);
        _flow = _flows.First(f => f.Key == _flow!.Key);
    }

    private ConversationContext Context() => new(
        new Dictionary<string, string> { ["agent"] = "Mira", ["company"] = _company, ["purpose"] = texts["dialogues.purposesample"], ["hello"] = "", ["event"] = "…", ["eventDate"] = "…", ["renewalDate"] = "…", ["source"] = texts["dialogues.sourcesample"] },
        TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata")));

    private async Task StartAsync()
    {
        _said.Clear();
        _hungUp = false;
        Take((await book.ConversationAsync(Tenant, _flow!, "", CancellationToken.None)).Start(_language, Context()));
        if (_persona.Length > 0)
        {
            await PlayAsync(callees.Begin(_persona, Environment.TickCount & 0xFFFF));
        }
    }

    /// <summary>Somebody invented answers, as they would on the simulated network, until one of both hangs up.</summary>
    private async Task PlayAsync(ICallee callee)
    {
        _playing = true;
        for (var turn = 0; turn < MaxPlayed && _state is { Ended: false } state; turn++)
        {
            StateHasChanged();
            await Task.Delay(Pause, time);
            if (callee.Answer(state.LastSaid) is not { } heard)
            {
                _hungUp = true;
                break;
            }

            Take((await book.ConversationAsync(Tenant, _flow!, heard, CancellationToken.None)).Hear(_state, heard, Context()));
        }

        _playing = false;
    }

    private async Task HearAsync()
    {
        var heard = _input;
        _input = "";
        Take((await book.ConversationAsync(Tenant, _flow!, heard, CancellationToken.None)).Hear(_state!, heard, Context()));
    }

    private void Take(ConversationReply reply)
    {
        _state = reply.State;
        if (reply.Heard is { } heard)
        {
            _said.Add((true, heard.Text, heard.Intent == IntentModel.OutOfScope ? null : heard.Intent));
        }

        _said.AddRange(reply.Say.Select(s => (false, s.Text, (string?)null)));
    }

    private async Task AddAsync()
    {
        var saved = await manage.SaveArticleAsync(Tenant, user.Actor, null, _articleLanguage, _title, _answer, null, CancellationToken.None);
        if (!saved.IsOk)
        {
            toasts.Error(saved.Error.Message);
            return;
        }

        (_title, _answer) = (null, null);
        _articles = await store.ArticlesAsync(Tenant, CancellationToken.None);
    }

    private async Task RemoveAsync(Guid article)
    {
        await manage.RemoveArticleAsync(Tenant, user.Actor, article, CancellationToken.None);
        _articles = await store.ArticlesAsync(Tenant, CancellationToken.None);
    }
}
