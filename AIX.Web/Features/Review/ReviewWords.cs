using AIX.Core.Review;
using AIX.Core.Scoring;
using AIX.Core.Tenancy;
using AIX.Web.Resources;
using Microsoft.Extensions.Localization;
using System.Globalization;

namespace AIX.Web.Features.Review;

/// <summary>Why a lead is in the queue, in words.</summary>
internal static class ReviewWords
{
    public static string Why(ReviewRow row, TenantSettings settings, IStringLocalizer<Texts> texts) => row switch
    {
        { Escalated: true } => texts["review.why.escalated"],
        { Round: ReviewRound.Adjudication } => texts["review.why.adjudication"],
        { Round: ReviewRound.Second } => texts["review.why.second"],
        { Reason: ReviewReason.Manual } => texts["review.why.manualBy", row.SentBy ?? "API"],
        { Reason: ReviewReason.Conflict, Conflict: { } attribute } => texts["review.why.conflictOn", AttributeName(attribute, texts)],
        { Reason: ReviewReason.Straddles, Low: { } low, High: { } high } => texts[low <= settings.HotThreshold && high > settings.HotThreshold ? "review.why.hot" : "review.why.warm"],
        _ => texts[$"review.why.{row.Reason}"],
    };

    public static string AttributeName(string attribute, IStringLocalizer<Texts> texts)
    {
        var known = texts[$"field.{attribute}"];
        return known.ResourceNotFound ? RationaleWriter.FeatureName(attribute, CultureInfo.CurrentUICulture) : known.Value;
    }
}
