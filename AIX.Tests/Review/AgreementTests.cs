using AIX.Core.Leads;
using AIX.Core.Review;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AIX.Tests.Review;

public class AgreementTests
{
    /// <summary>The worked example of two readers on 50 proposals: 20 both yes, 5 and 10 apart, 15 both no; κ = (0.7 − 0.5) / (1 − 0.5) = 0.4.</summary>
    [Fact]
    public void Kappa_OfTheTextbookTable_IsPointFour()
    {
        var answers = Many(20, true, true).Concat(Many(5, true, false)).Concat(Many(10, false, true)).Concat(Many(15, false, false)).ToList();

        var result = Agreement.Kappa(answers);

        result.Observed.ShouldBe(0.7, 1e-12);
        result.Expected.ShouldBe(0.5, 1e-12);
        result.Kappa!.Value.ShouldBe(0.4, 1e-12);
    }

    [Fact]
    public void Kappa_WhereChanceExplainsAll_IsNotANumberButNothing()
    {
        Agreement.Kappa(Many(9, Band.Hot, Band.Hot).ToList()).Kappa.ShouldBeNull();
        Agreement.Kappa(new List<(Band, Band)>()).ShouldBe(new KappaResult(0, 0, 0, null));
    }

    /// <summary>Who is called first and second does not matter, and κ stays in [−1, 1].</summary>
    [Fact]
    public void Kappa_IsSymmetric_AndBounded() => Prop.ForAll<(byte A, byte B)[]>(pairs =>
    {
        var answers = pairs.Select(p => ((Band)(p.A % 3), (Band)(p.B % 3))).ToList();
        var there = Agreement.Kappa(answers);
        var back = Agreement.Kappa(answers.Select(a => (a.Item2, a.Item1)).ToList());
        return (there.Kappa is null && back.Kappa is null) || (Math.Abs(there.Kappa!.Value - back.Kappa!.Value) < 1e-9 && there.Kappa is >= -1.0000001 and <= 1.0000001);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ByPair_JoinsBothOrders_AndLeavesFlaggedLeadsOutOfTheBand()
    {
        var (a, b) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        DoubleReview[] reviews =
        [
            new(a, "A", b, "B", Band.Hot, Band.Hot, false, false), new(b, "B", a, "A", Band.Cold, Band.Warm, false, false), new(a, "A", b, "B", Band.Hot, Band.Cold, true, false),
        ];

        var pairs = Agreement.ByPair(reviews);

        pairs.Select(p => p.Field).ShouldBe(["band", "flag"]);
        pairs[0].Result.Count.ShouldBe(2);
        pairs[0].Result.Observed.ShouldBe(0.5);
        pairs[1].Result.Count.ShouldBe(3);
    }

    private static IEnumerable<(T, T)> Many<T>(int count, T first, T second) => Enumerable.Repeat((first, second), count);
}
