namespace AIX.Core.Compliance.Rules;

/// <summary>Which series may carry which class, for India; docs/compliance.md has the table.</summary>
internal sealed class RouteRule : IGateRule
{
    public string Id => "route";

    public Denial? Ask(CallCase question)
    {
        if (question.Intent.Channel != ContactChannel.Voice || question.Country is not { } country)
        {
            return null;
        }

        return (question.Intent.Kind, question.Intent.Class) switch
        {
            (null, _) => new Denial(Id, "What kind of number this route shows is not known."),
            (CallerIdKind.International, _) => null,
            _ when !country.India => new Denial(Id, "This route reaches India only."),
            (CallerIdKind.Series140, MessageClass.Promotional) => null,
            (CallerIdKind.Series140, _) => new Denial(Id, "The 140 series is for promotion; service and transactional calls go out from 1600 numbers."),
            (CallerIdKind.Series1600, MessageClass.Promotional) => new Denial(Id, "The 1600 series is for service and transactional calls; promotion goes out from 140 numbers."),
            (CallerIdKind.Series1600, _) => null,
            _ => new Denial(Id, "An ordinary number may not be used for calls like these."),
        };
    }
}

/// <summary>The number shown is of the kind that the route claims; an Indian number does not come in from abroad.</summary>
internal sealed class CallerIdRule : IGateRule
{
    public string Id => "callerId";

    public Denial? Ask(CallCase question)
    {
        var (shown, kind) = (question.Intent.CallerId, question.Intent.Kind);
        return question.Intent.Channel != ContactChannel.Voice || kind switch
        {
            CallerIdKind.International => shown.StartsWith('+') && !shown.StartsWith("+91", StringComparison.Ordinal),
            CallerIdKind.Series140 => shown.StartsWith("+91140", StringComparison.Ordinal),
            CallerIdKind.Series1600 => shown.StartsWith("+911600", StringComparison.Ordinal),
            _ => true,
        } ? null : new Denial(Id, $"The caller id {shown} is not of the kind that this route is set up for.");
    }
}

internal sealed class OwnershipRule : IGateRule
{
    public string Id => "owner";

    public Denial? Ask(CallCase question) => question.Intent.Channel == ContactChannel.Voice && !question.Intent.Owned ? new Denial(Id, $"The caller id {question.Intent.CallerId} does not belong to this organisation.") : null;
}
