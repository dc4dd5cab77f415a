using System.Numerics.Tensors;
using AIX.Core.Text;
using Shouldly;
using Xunit;

namespace AIX.Tests.Text;

public class EmbedderTests
{
    private static readonly HashedEmbedder Embedder = new();

    [Theory]
    [InlineData("Payroll software for factories", "payroll tool for a factory", "Yoga classes in the park")]
    [InlineData("वेतन सॉफ्टवेयर चाहिए", "हमें वेतन का सॉफ्टवेयर चाहिए", "कल मौसम अच्छा है")]
    [InlineData("Manufacturing of steel castings", "steel casting manufacturer", "Hospital and diagnostics")]
    [InlineData("attendance tracking", "atendance trackng", "mango orchard")]
    public void Alike_LieNearerThanTheUnlike(string text, string alike, string unlike) => Similarity(text, alike).ShouldBeGreaterThan(Similarity(text, unlike) + 0.15f);

    [Fact]
    public async Task Vectors_AreOfUnitLength_TheSameEachTime_AndZeroForNoWord()
    {
        var vectors = await Embedder.EmbedAsync(["Monsoon Castings", "!!!", "Monsoon Castings"], CancellationToken.None);

        TensorPrimitives.Norm<float>(vectors[0]).ShouldBe(1, 1e-5f);
        vectors[0].ShouldBe(vectors[2]);
        vectors[1].ShouldAllBe(v => v == 0);
        vectors[0].Length.ShouldBe(Embedder.Dimensions);
    }

    /// <summary>The projection keeps inner products: unrelated texts are about orthogonal.</summary>
    [Fact]
    public void Unrelated_AreAboutOrthogonal()
    {
        string[] texts = ["steel castings", "yoga classes", "school bus routes", "मौसम अच्छा", "cardiology clinic", "mango exports"];
        for (var i = 0; i < texts.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                MathF.Abs(Similarity(texts[i], texts[j])).ShouldBeLessThan(0.3f, $"{texts[i]} / {texts[j]}");
            }
        }
    }

    private static float Similarity(string a, string b) => TensorPrimitives.Dot<float>(Embedder.Embed(a), Embedder.Embed(b));
}
