using System.Globalization;
using AIX.Core.Calls;

namespace AIX.Infrastructure.Calls.Simulation;

internal enum PersonaKind
{
    Keen,
    Busy,
    PriceObjector,
    AsksForHuman,
    OptsOut,
    WrongNumber,
    Voicemail,
    Silent,
    Hindi,
    Hinglish,
    Angry,
    NoAnswer,
    LineBusy,
    Ivr,
    NotInterested,
    Unreachable,
}

/// <summary>Somebody at the other end, decided by a seed: what they are like, and what they say to what they hear.</summary>
internal sealed class Persona : ICallee
{
    private const int BusyFrom = 90_000;

    private static readonly PersonaKind[] Kinds = Enum.GetValues<PersonaKind>();

    private readonly Random _random;
    private int _turn;

    public Persona(int seed)
    {
#pragma warning disable CA5394 // A play, no secrets.
        _random = new Random(seed);
        Kind = Kinds[_random.Next(Kinds.Length)];
        AnswersAfter = 3 + (_random.NextDouble() * 9);
        HangsUpEarly = _random.NextDouble() < 0.03;
    }

    /// <summary>One of many who are alike: numbers that end in 90000 and more are busy at once.</summary>
    public static Persona Plain(string number, double answered, Random random)
    {
        if (int.Parse(number[^5..], CultureInfo.InvariantCulture) >= BusyFrom)
        {
            return new Persona(PersonaKind.LineBusy, random, 0);
        }

        var kind = random.NextDouble() < answered ? PersonaKind.NotInterested : random.NextDouble() < 0.8 ? PersonaKind.NoAnswer : PersonaKind.LineBusy;
        return new Persona(kind, random, 3 + (random.NextDouble() * 9));
    }

    /// <summary>One of this kind, who answers at once.</summary>
    public static Persona Of(PersonaKind kind, int seed) => new(kind, new Random(seed), 0);

    private Persona(PersonaKind kind, Random random, double answersAfter) => (Kind, _random, AnswersAfter) = (kind, random, answersAfter);

    public PersonaKind Kind { get; }

    /// <summary>Seconds of ringing.</summary>
    public double AnswersAfter { get; }

    public bool HangsUpEarly { get; }

    /// <summary>The end of a call that nobody takes; null when it is answered.</summary>
    public (string Status, int SipCode)? Unanswered => Kind switch
    {
        PersonaKind.NoAnswer => ("no-answer", 487),
        PersonaKind.LineBusy => ("busy", 486),
        PersonaKind.Unreachable => ("failed", 404),
        _ => null,
    };

    public string AnsweredBy => Kind is PersonaKind.Voicemail or PersonaKind.Ivr ? "machine_start" : "human";

    /// <summary>Two seeds of one kind speak one after the other, so that a call has its story.</summary>
    /// <returns>Empty for silence; null to hang up.</returns>
    public string? Answer(string asked)
    {
        _turn++;
        if (_turn > 12)
        {
            return null;
        }

        return Kind switch
        {
            PersonaKind.Silent => "",
            PersonaKind.Voicemail => _turn == 1 ? "Please leave a message after the tone" : "",
            PersonaKind.Ivr => "Press one for sales, two for service",
            PersonaKind.OptsOut => Pick("please stop calling me", "remove my number from your list", "mujhe dobara call mat karna", "मेरा नंबर सूची से हटा दो", "never call me again", "9"),
            PersonaKind.WrongNumber => Pick("you have the wrong number", "galat number hai", "गलत नंबर है"),
            PersonaKind.AsksForHuman => Pick("let me talk to a human", "kisi insaan se baat karao", "किसी इंसान से बात कराओ"),
            PersonaKind.Busy => _turn == 1 ? Pick("I am in a meeting", "abhi busy hoon", "अभी मीटिंग में हूँ") : Pick("call me tomorrow at 5 pm", "kal shaam paanch baje", "कल शाम पाँच बजे"),
            PersonaKind.NotInterested => _turn == 1 ? Pick("yes tell me", "haan boliye") : Pick("I am not interested", "nahi chahiye", "मुझे रुचि नहीं है"),
            PersonaKind.Angry => Pick("you people are disturbing me", "dimag kharab mat karo", "क्यों परेशान करते हो"),
            PersonaKind.PriceObjector when _turn == 2 => Pick("how much does it cost", "kitne ka hai", "कीमत क्या है"),
            PersonaKind.PriceObjector when _turn == 3 => Pick("that is too expensive", "bahut mehenga hai"),
            PersonaKind.PriceObjector when _turn > 3 => Pick("no thank you, I am not interested", "nahi chahiye"),
            PersonaKind.Hindi => Natural(asked, 1),
            PersonaKind.Hinglish => Natural(asked, 2),
            _ => Natural(asked, 0),
        };
    }

    /// <summary>A friendly answer to what was asked last.</summary>
    private string Natural(string asked, int tongue)
    {
        string Say(string english, string hindi, string latin) => tongue switch { 1 => hindi, 2 => latin, _ => english };
        var number = (5 + _random.Next(60)).ToString(CultureInfo.InvariantCulture);
        return asked switch
        {
            _ when Has(asked, "How many", "कितने", "कितनी") => Say($"about {number} people", $"करीब {number} लोग", $"kareeb {number} log"),
            _ when Has(asked, "e-mail", "ईमेल") => "asha at the rate example dot com",
            _ when Has(asked, "When ", "when ", "कब ") => Say("tomorrow at 11 am", "कल शाम पाँच बजे", "kal subah gyarah baje"),
            _ => Say(Pick("yes sure", "yes please go ahead", "yes, that would be good"), Pick("हाँ जी बोलिए", "हाँ बिल्कुल"), Pick("haan ji boliye", "haan bilkul")),
        };
    }

    private static bool Has(string text, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (text.Contains(part, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private string Pick(params ReadOnlySpan<string> texts) => texts[_random.Next(texts.Length)];
}
