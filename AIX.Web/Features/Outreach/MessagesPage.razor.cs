using System.Text.Json;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Outreach;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace AIX.Web.Features.Outreach;

/// <summary>What is sent after calls, and what became of it.</summary>
public sealed partial class MessagesPage(
    IOutreachStore store, ManageTemplates manage, IEnumerable<IMessageSender> senders, ICurrentTenant current, ITenantStore tenants, CurrentUser user, ILiveFeed feed, Clock clock, Toasts toasts, TimeProvider time, IStringLocalizer<Texts> texts) : ComponentBase, IDisposable
{
    private static readonly Disposition[] Offered = [Disposition.Interested, Disposition.Qualified, Disposition.AppointmentSet, Disposition.Callback, Disposition.NoAnswer, Disposition.Busy, Disposition.Voicemail, Disposition.Transferred];

    private IReadOnlyList<MessageTemplate> _templates = [];
    private IReadOnlyList<OutreachMessage> _sent = [];
    private IReadOnlyList<string> _notReady = [];
    private string _company = "";
    private LiveSubscription? _live;
    private HashSet<Disposition> _after = [];
    private ContactChannel _channel = ContactChannel.Email;
    private MessageClass _class = MessageClass.Service;
    private Guid? _id;
    private string _name = "";
    private string _subjectEn = "";
    private string _bodyEn = "";
    private string _subjectHi = "";
    private string _bodyHi = "";
    private string _dlt = "";
    private string _header = "";
    private string? _error;
    private int _delay;
    private bool _enabled = true;
    private bool _editing;

    private Clock Clock => clock;

    private TenantId Tenant => current.Id!.Value;

    protected override async Task OnInitializedAsync()
    {
        _company = (await tenants.GetAsync(Tenant, CancellationToken.None)).Name;
        _notReady = [.. senders.Select(s => s.NotReady).OfType<string>()];
        await LoadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _live = new LiveSubscription(time, TimeSpan.FromSeconds(1), _ => InvokeAsync(async () =>
            {
                await LoadAsync();
                StateHasChanged();
            }));
            _live.Start(feed, Tenant, e => e is MessageChanged);
        }
    }

    public void Dispose() => _live?.Dispose();

    private async Task LoadAsync()
    {
        _templates = await store.TemplatesAsync(Tenant, CancellationToken.None);
        _sent = await store.ListAsync(Tenant, null, 50, CancellationToken.None);
    }

    private void New()
    {
        (_id, _name, _error, _editing, _enabled, _delay, _dlt, _header) = (null, "", null, true, true, 0, "", "");
        (_channel, _class, _after) = (ContactChannel.Email, MessageClass.Service, [Disposition.AppointmentSet]);
        (_subjectEn, _bodyEn) = ("Your appointment with {company}", "Hello {firstName},\n\nthank you for the conversation. We look forward to {callbackAt}.\n\n{company}\nNo more messages: {unsubscribe}");
        (_subjectHi, _bodyHi) = ("{company} के साथ आपकी मुलाकात", "नमस्ते {firstName},\n\nबातचीत के लिए धन्यवाद। {callbackAt} को मिलते हैं।\n\n{company}\nसंदेश बंद करें: {unsubscribe}");
    }

    private void Edit(MessageTemplate template)
    {
        var text = JsonSerializer.Deserialize<TemplateText>(template.Text, ManageTemplates.Json)!;
        (_id, _name, _channel, _class, _delay, _dlt, _header, _enabled, _editing, _error) = (template.Id, template.Name, template.Channel, template.Class, template.DelayMinutes, template.DltTemplateId, template.DltHeader, template.Enabled, true, null);
        (_subjectEn, _bodyEn, _subjectHi, _bodyHi) = (text.SubjectEn, text.BodyEn, text.SubjectHi, text.BodyHi);
        _after = [.. template.After.Select(a => (Disposition)a)];
    }

    private MessageTemplate Made() => new()
    {
        TenantId = Tenant,
        Id = _id ?? Guid.CreateVersion7(clock.Now),
        Name = _name.Trim(),
        Channel = _channel,
        Class = _class,
        DltTemplateId = _dlt.Trim(),
        DltHeader = _header.Trim(),
        After = [.. _after.Select(a => (short)a).Order()],
        DelayMinutes = _delay,
        Enabled = _enabled,
        UpdatedAt = clock.Now,
        Text = JsonSerializer.Serialize(new TemplateText(_channel == ContactChannel.Email ? _subjectEn : "", _bodyEn, _channel == ContactChannel.Email ? _subjectHi : "", _bodyHi), ManageTemplates.Json),
    };

    private async Task SaveAsync()
    {
        var saved = await manage.SaveAsync(Tenant, user.Actor, Made(), CancellationToken.None);
        _error = saved.Error?.Message;
        if (saved.IsOk)
        {
            toasts.Show(texts["messages.saved"]);
            _editing = false;
            await LoadAsync();
        }
    }

    private async Task RemoveAsync()
    {
        await manage.RemoveAsync(Tenant, user.Actor, _id!.Value, CancellationToken.None);
        _editing = false;
        await LoadAsync();
    }

    /// <summary>As an invented lead would get it.</summary>
    private IEnumerable<(string Language, string Subject, string Body)> Preview()
    {
        var values = new Dictionary<string, string> { ["name"] = "Asha Example", ["firstName"] = "Asha", ["company"] = _company, ["leadCompany"] = "Lotus Foods", ["city"] = "Nashik", ["callbackAt"] = clock.ToLocal(clock.Now.AddDays(1)).ToString("d MMMM HH:mm", System.Globalization.CultureInfo.CurrentCulture), ["unsubscribe"] = "https://…/u/…" };
        yield return ("en", _channel == ContactChannel.Email ? Merge.Fill(_subjectEn, values) : "", Merge.Fill(_bodyEn, values));
        yield return ("hi", _channel == ContactChannel.Email ? Merge.Fill(_subjectHi, values) : "", Merge.Fill(_bodyHi, values));
    }

    private void Tick(Disposition outcome, bool on) => _ = on ? _after.Add(outcome) : _after.Remove(outcome);
}
