using System.Text.RegularExpressions;

namespace AIX.Core.Compliance.Rules;

/// <summary>A number that can be called, in a country whose rules are known.</summary>
internal sealed partial class AddressRule : IGateRule
{
    public string Id => "number";

    public Denial? Ask(CallCase question) => question.Intent switch
    {
        { Channel: ContactChannel.Email } intent => Mail().IsMatch(intent.Address) ? null : new Denial(Id, $"“{Cut(intent.Address)}” is no e-mail address."),
        var intent when !E164().IsMatch(intent.Address) => new Denial(Id, $"“{Cut(intent.Address)}” is no number that can be called; it needs a country code."),
        _ when question.Country is null => new Denial("zone", "The rules of this number's country, or its time zone, are not known; nobody is called there."),
        _ => null,
    };

    private static string Cut(string text) => text.Length > 30 ? text[..30] + "…" : text;

    [GeneratedRegex(@"^\+[1-9]\d{7,14}\z")]
    private static partial Regex E164();

    [GeneratedRegex(@"^[^@\s]{1,64}@[^@\s]{1,190}\z")]
    private static partial Regex Mail();
}

/// <summary>On the tenant's list: asked never to be called again.</summary>
internal sealed class SuppressionRule : IGateRule
{
    public string Id => "suppressed";

    public Denial? Ask(CallCase question) => question.Facts.Suppressed ? new Denial(Id, "This number asked never to be called again.") : null;
}

/// <summary>Complained; left alone for a while.</summary>
internal sealed class ComplaintRule : IGateRule
{
    public string Id => "complaint";

    public Denial? Ask(CallCase question) =>
        question is { Facts.ComplainedAt: { } at, Country: { } country } && question.Now < at.AddDays(country.CoolOffDays)
            ? new Denial(Id, $"A complaint came from this number; it is left alone for {country.CoolOffDays} days.", at.AddDays(country.CoolOffDays))
            : null;
}
