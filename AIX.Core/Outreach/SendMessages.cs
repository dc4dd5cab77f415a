using System.Globalization;
using System.Text.Json;
using AIX.Core.Calls;
using AIX.Core.Compliance;
using AIX.Core.Conversations;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Core.Outreach;

/// <summary>Writes the messages that follow a call, in the transaction of its end.</summary>
internal sealed class FollowUp(IOutreachStore store, ITenantStore tenants, IUnsubscribeLinks links) : IAfterCall
{
    public async Task EndedAsync(IUnitOfWork work, Call call, Disposition outcome, DateTimeOffset now, CancellationToken ct)
    {
        var templates = await store.TemplatesAfterAsync(work, outcome, ct);
        if (templates.Count == 0 || await store.LeadAsync(work, call.LeadId, ct) is not { } lead)
        {
            return;
        }

        var company = (await tenants.GetAsync(call.TenantId, ct)).Name;
        var state = call.Conversation is null ? null : JsonSerializer.Deserialize<ConversationState>(call.Conversation, PlaceCall.Json);
        foreach (var template in templates)
        {
            if ((template.Channel == ContactChannel.Email ? lead.Email : lead.Phone) is { } address)
            {
                await store.AddAsync(work, Write(template, lead, address, company, state?.Language ?? call.Language, state?.CallbackAt, links.Of(call.TenantId, address), call.Id, call.TenantId, now), ct);
                work.Raise(new MessageChanged(call.TenantId, call.LeadId));
            }
        }
    }

    /// <summary>The message as it will be sent; the preview shows the same.</summary>
    internal static OutreachMessage Write(MessageTemplate template, MessageLead lead, string address, string company, string language, DateTimeOffset? callbackAt, string unsubscribe, Guid? call, TenantId tenant, DateTimeOffset now)
    {
        var text = JsonSerializer.Deserialize<TemplateText>(template.Text, ManageTemplates.Json)!;
        var hindi = language == "hi";
        var values = new Dictionary<string, string>
        {
            ["name"] = lead.Name ?? "",
            ["firstName"] = lead.Name?.Split(' ')[0] ?? "",
            ["company"] = company,
            ["leadCompany"] = lead.Company ?? "",
            ["city"] = lead.City ?? "",
            ["unsubscribe"] = unsubscribe,
            ["callbackAt"] = callbackAt is { } at ? at.ToString(hindi ? "d MMMM, HH:mm" : "d MMMM 'at' HH:mm", CultureInfo.GetCultureInfo(hindi ? "hi-IN" : "en-IN")) : "",
        };
        return new OutreachMessage
        {
            TenantId = tenant,
            Id = Guid.CreateVersion7(now),
            LeadId = lead.Id,
            TemplateId = template.Id,
            CallId = call,
            Channel = template.Channel,
            Class = template.Class,
            Address = template.Channel == ContactChannel.Email ? address.ToLowerInvariant() : address,
            Language = hindi ? "hi" : "en",
            Subject = Merge.Fill(hindi ? text.SubjectHi : text.SubjectEn, values).ReplaceLineEndings(" "),
            Body = Merge.Fill(hindi ? text.BodyHi : text.BodyEn, values),
            DltTemplateId = template.DltTemplateId,
            DltHeader = template.DltHeader,
            State = MessageState.Waiting,
            NextAt = now.AddMinutes(template.DelayMinutes),
            CreatedAt = now,
        };
    }
}

/// <summary>Sends what waits, on any node: the gate is asked in the transaction that takes the message, quiet hours move it, and nobody gets it twice for a lost answer.</summary>
public sealed class SendMessages(IOutreachStore store, ICallGate gate, IContactHistory history, IEnumerable<IMessageSender> senders, IUnsubscribeLinks links, IUnitOfWorkFactory works, TimeProvider time)
{
    private const int AtOnce = 20;
    private const int MaxAttempts = 5;

    /// <returns>Messages that were looked at.</returns>
    public async Task<int> ExecuteAsync(CancellationToken ct)
    {
        var claimed = await store.ClaimAsync(time.GetUtcNow(), AtOnce, ct);
        foreach (var (tenant, id) in claimed)
        {
            await SendAsync(tenant, id, ct);
        }

        return claimed.Count;
    }

    private async Task SendAsync(TenantId tenant, Guid id, CancellationToken ct)
    {
        OutreachMessage message;
        var now = time.GetUtcNow();
        await using (var work = await works.BeginAsync(tenant, ct))
        {
            if (await store.LockAsync(work, id, ct) is not { State: MessageState.Waiting } waiting)
            {
                return;
            }

            message = waiting;
            var sender = senders.FirstOrDefault(s => s.Channel == message.Channel);
            var decision = await gate.AskAsync(work, new ContactIntent(message.LeadId, message.Address, "", null, true, 0, message.Class, null, message.Channel), GateStage.Message, message.CallId, null, ct);
            if (!decision.Allowed || sender?.NotReady is not null || sender is null)
            {
                var reason = decision.Allowed ? sender?.NotReady ?? "Nothing delivers this kind of message." : string.Join(" ", decision.Denials.Select(d => d.Reason));
                DateTimeOffset? again = decision.Allowed ? now.AddMinutes(10) : decision.Again;
                await store.SettleAsync(work, id, again is null ? MessageState.Denied : MessageState.Waiting, again, reason, null, now, ct);
                work.Raise(new MessageChanged(tenant, message.LeadId));
                await work.CommitAsync(ct);
                return;
            }

            // Counted before it is handed over: an answer that is lost must not send it again.
            await store.SettleAsync(work, id, MessageState.Failed, null, "Handed over; the answer was lost.", null, now, ct);
            await work.CommitAsync(ct);
        }

        var result = await senders.First(s => s.Channel == message.Channel).SendAsync(message, links.Of(tenant, message.Address), ct);
        await using var after = await works.BeginAsync(tenant, ct);
        var retry = result is { Ok: false, Retry: true } && message.Attempts + 1 < MaxAttempts;
        await store.SettleAsync(after, id, result.Ok ? MessageState.Sent : retry ? MessageState.Waiting : MessageState.Failed, retry ? now.AddMinutes(Math.Pow(2, message.Attempts)) : null, result.Error, result.Sid, time.GetUtcNow(), ct);
        if (result.OptedOut)
        {
            await history.OptOutAsync(after, new Suppression { TenantId = tenant, Number = message.Address, Reason = "provider", CallId = message.CallId, At = time.GetUtcNow() }, message.LeadId, null, ct);
        }

        after.Raise(new MessageChanged(tenant, message.LeadId));
        await after.CommitAsync(ct);
    }
}
