using System.Text.Json;
using AIX.Core.Conversations;
using Shouldly;
using Xunit;

namespace AIX.Tests.Conversations;

/// <summary>Whole dialogues, said as people say them.</summary>
public class ConversationTests
{
    private static readonly Lazy<IntentModel> Intents = new(() => IntentModel.Train([.. IntentCorpus.All.Select(r => (r.Text, r.Intent))], IntentTraining.OfCalls));

    private static readonly ConversationContext Context = new(
        new Dictionary<string, string> { ["agent"] = "Mira", ["company"] = "Lotus Example", ["purpose"] = "lead scoring", ["hello"] = "", ["event"] = "the Lotus day", ["eventDate"] = "1 December", ["renewalDate"] = "30 November", ["source"] = "your enquiry" },
        new DateTimeOffset(2026, 11, 23, 10, 15, 0, TimeSpan.FromHours(5.5)));

    [Theory]
    [InlineData("qualification")]
    [InlineData("callback")]
    [InlineData("event")]
    [InlineData("renewal")]
    public void ShippedFlow_IsSound_AndBeginsWithItsDisclosure(string key)
    {
        var flow = Flow(key);
        FlowCheck.Check(flow).ShouldBeEmpty();
        foreach (var language in flow.Languages)
        {
            var first = Talk(flow).Start(language, Context).Say[0];
            first.Interruptible.ShouldBeFalse();
            first.Text.ShouldContain("Lotus Example");
            first.Text.ShouldContain(language == "hi" ? "एआई सहायक" : "AI assistant");
            first.Text.ShouldContain(language == "hi" ? "रिकॉर्ड" : "recorded");
        }
    }

    [Theory]
    [InlineData("qualification", "en", Disposition.AppointmentSet, "yes go ahead", "yes, that would be useful", "twelve people", "yes we do", "tomorrow at 11 am")]
    [InlineData("qualification", "hi", Disposition.AppointmentSet, "हाँ जी बोलिए", "हाँ, हमें ज़रूरत है", "पच्चीस लोग यानी 25", "हाँ", "कल शाम पाँच बजे")]
    [InlineData("qualification", "hi", Disposition.AppointmentSet, "haan boliye", "haan ji", "das log", "haan bilkul", "kal shaam paanch baje")]
    [InlineData("qualification", "en", Disposition.NotInterested, "yes", "we are not interested")]
    [InlineData("qualification", "en", Disposition.Callback, "I am in a meeting", "call me tomorrow at four pm")]
    [InlineData("qualification", "en", Disposition.OptOut, "stop calling me")]
    [InlineData("qualification", "hi", Disposition.OptOut, "haan boliye", "mera number list se hata do")]
    [InlineData("qualification", "hi", Disposition.OptOut, "मुझे दोबारा फोन मत करना")]
    [InlineData("qualification", "en", Disposition.WrongNumber, "you have the wrong number")]
    [InlineData("qualification", "en", Disposition.Transferred, "let me talk to a human")]
    [InlineData("qualification", "en", Disposition.Minor, "I am a child")]
    [InlineData("qualification", "en", Disposition.OptOut, "9")]
    [InlineData("callback", "en", Disposition.Transferred, "yes sure")]
    [InlineData("callback", "hi", Disposition.Callback, "नहीं", "कल सुबह दस बजे")]
    [InlineData("event", "en", Disposition.Interested, "yes I would like to", "three", "asha at the rate example dot com")]
    [InlineData("renewal", "en", Disposition.Qualified, "yes", "no", "forty five")]
    [InlineData("renewal", "hi", Disposition.NotInterested, "नहीं", "सेवा धीमी है")]
    public void Dialogue_ComesToWhatThePersonSaid(string key, string language, Disposition disposition, params string[] heard)
    {
        var talk = Talk(Flow(key));
        var reply = talk.Start(language, Context);
        foreach (var text in heard)
        {
            reply.Then.ShouldBe(AfterSpeech.Listen, $"before “{text}”: {reply.State.Node}");
            reply = talk.Hear(reply.State, text, Context);
        }

        (reply.State.Disposition, reply.State.Ended).ShouldBe((disposition, true), $"{reply.Heard} {reply.State.Node}: {reply.State.LastSaid}");
    }

    [Fact]
    public void OptOut_SuppressesBeforeItIsConfirmed_AndEndsTheCall()
    {
        var talk = Talk(Flow("qualification"));
        var reply = talk.Hear(talk.Start("en", Context).State, "please never call me again", Context);

        reply.Effects.ShouldBe([ConversationEffect.Suppress]);
        (reply.Then, reply.Say.Count, reply.Say[0].Interruptible).ShouldBe((AfterSpeech.HangUp, 1, false));
        talk.Hear(reply.State, "hello?", Context).Say.ShouldBeEmpty();
    }

    [Fact]
    public void Recording_IsStoppedWhenRefused_AndTheTalkGoesOn()
    {
        var talk = Talk(Flow("qualification"));
        var reply = talk.Hear(talk.Start("en", Context).State, "please don't record this", Context);

        reply.Effects.ShouldBe([ConversationEffect.StopRecording]);
        (reply.Then, reply.State.RecordingRefused).ShouldBe((AfterSpeech.Listen, true));
    }

    [Fact]
    public void Silence_IsAskedTwice_ThenEnds()
    {
        var talk = Talk(Flow("qualification"));
        var reply = talk.Start("en", Context);
        for (var i = 0; i < 2; i++)
        {
            reply = talk.Hear(reply.State, "", Context);
            reply.Then.ShouldBe(AfterSpeech.Listen);
        }

        talk.Hear(reply.State, null, Context).Then.ShouldBe(AfterSpeech.HangUp);
    }

    [Fact]
    public void Language_ChangesWhenAsked_AndTheQuestionIsPutAgain()
    {
        var talk = Talk(Flow("qualification"));
        var reply = talk.Hear(talk.Start("en", Context).State, "hindi mein boliye", Context);

        reply.Say[^1].ShouldBe(new Utterance("क्या अभी दो मिनट बात हो सकती है?", "hi"));
    }

    [Fact]
    public void Question_IsAnsweredFromAnArticleOnly_OrNotAtAll()
    {
        var article = Guid.CreateVersion7();
        var talk = new Conversation(Flow("qualification"), Intents.Value.Classify, (q, _) => q.Contains("cost", StringComparison.Ordinal) ? new KnowledgeHit(article, "It is 900 rupees a month.", 0.8) : null);
        var start = talk.Start("en", Context);

        var known = talk.Hear(start.State, "how much does it cost", Context);
        (known.Cited, known.Say[0].Text).ShouldBe((article, "It is 900 rupees a month."));
        known.Say[^1].Text.ShouldBe("Is this a good time for two minutes?");
        talk.Hear(start.State, "how does it work", Context).Say[0].Text.ShouldContain("I do not know");
    }

    [Fact]
    public void BackChannel_WhileTheAssistantSpeaks_IsNoTurn()
    {
        var talk = Talk(Flow("qualification"));
        var start = talk.Start("hi", Context);

        var reply = talk.Hear(start.State, "haan", Context, interrupting: true);

        (reply.Say.Count, reply.State.Node).ShouldBe((0, "permission"));
    }

    [Fact]
    public void NameWithMarkup_AndALongAnswer_AreOnlyText()
    {
        var hostile = Context with { Facts = new Dictionary<string, string>(Context.Facts) { ["hello"] = " </Say><Dial>+1</Dial> {company}" } };
        var talk = Talk(Flow("qualification"));

        talk.Start("en", hostile).Say[0].Text.ShouldContain("</Say><Dial>+1</Dial> {company}");
        talk.Hear(talk.Start("en", Context).State, new string('x', 10_000), Context).Heard!.Text.Length.ShouldBe(Conversation.MaxHeard);
    }

    [Theory]
    [InlineData("""{"a":{"kind":"Say","text":{"en":"x","hi":"y"},"next":"a"}}""", "endless")]
    [InlineData("""{"a":{"kind":"Ask","text":{"en":"x"},"next":"e"},"e":{"kind":"End","text":{"en":"x","hi":"y"}}}""", "missing-language")]
    [InlineData("""{"a":{"kind":"Ask","text":{"en":"x","hi":"y"},"next":"a"}}""", "no-way-out")]
    [InlineData("""{"a":{"kind":"End","text":{"en":"x","hi":"y"}},"b":{"kind":"End","text":{"en":"x","hi":"y"}}}""", "unreachable")]
    [InlineData("""{"a":{"kind":"Ask","text":{"en":"x","hi":"y"},"branches":[{"when":"yes","next":"nowhere"}]}}""", "missing-node")]
    [InlineData("""{"b":{"kind":"End","text":{"en":"x","hi":"y"}}}""", "start")]
    public void Flow_ThatIsWrong_IsRefusedWithTheReason(string nodes, string code)
    {
        var flow = Flow("qualification") with { Start = "a", Nodes = JsonSerializer.Deserialize<Dictionary<string, FlowNode>>(nodes, ShippedFlows.Json)! };

        FlowCheck.Check(flow).Select(p => p.Code).ShouldContain(code);
    }

    [Fact]
    public void Flow_WithoutDisclosure_IsRefused()
    {
        var flow = Flow("qualification") with { Opening = new Dictionary<string, string> { ["en"] = "Hello from {company} about {purpose}.", ["hi"] = "नमस्ते" } };

        FlowCheck.Check(flow).Count(p => p.Code == "disclosure").ShouldBe(6);
    }

    [Theory]
    [InlineData("twenty five", 25)]
    [InlineData("do lakh", 200_000)]
    [InlineData("ढाई नहीं, तीन सौ", 300)]
    [InlineData("about 1,50,000 rupees", 150_000)]
    [InlineData("2.5 crore", 25_000_000)]
    [InlineData("पचास", 50)]
    public void Number_IsReadInThreeTongues(string text, double value) => SlotReader.Number(text).ShouldBe(value);

    [Theory]
    [InlineData("my mail is asha at the rate example dot com", "asha@example.com")]
    [InlineData("a s h a dot k at example dot co dot in", "asha.k@example.co.in")]
    [InlineData("asha_k@example.com hai", "asha_k@example.com")]
    [InlineData("I do not have one", null)]
    public void Email_IsReadAsItIsSpelled(string text, string? address) => SlotReader.Email(text).ShouldBe(address);

    private static Conversation Talk(DialogueFlow flow) => new(flow, Intents.Value.Classify, (_, _) => null);

    private static DialogueFlow Flow(string key) => ShippedFlows.All.First(f => f.Key == key);
}
