using System.Numerics.Tensors;
using AIX.Core.Scoring.Numerics;
using AIX.Core.Text;
using Shouldly;
using Xunit;

namespace AIX.Tests.Text;

public class VectorIndexTests
{
    /// <summary>Prevents: a scan by bytes loses one of the ten best. Clustered vectors, because among them the tenth and the eleventh lie close.</summary>
    [Theory]
    [InlineData(384)]
    [InlineData(100)]
    [InlineData(3)]
    public void Search_FindsWhatAScanByFloatsFinds(int dimensions)
    {
        var rng = new Rng(5);
        using var index = new VectorIndex<int>(dimensions);
        var centres = Enumerable.Range(0, 20).Select(_ => Unit(rng, dimensions)).ToArray();
        for (var i = 0; i < 4000; i++)
        {
            index.Set(i, Near(rng, centres[i % 20], 0.5f));
        }

        for (var k = 0; k < 100; k++)
        {
            var query = Near(rng, centres[k % 20], 0.7f);

            index.Search(query, 10).Select(h => h.Score).ShouldBe(index.Scan(query, 10).Select(h => h.Score));
        }
    }

    [Fact]
    public void Set_Replace_Remove_AreSeenAtOnce()
    {
        using var index = new VectorIndex<string>(4);
        index.Set("a", [1, 0, 0, 0]);
        index.Set("b", [0, 1, 0, 0]);
        index.Set("c", [0, 0, 1, 0]);
        index.Search([0, 1, 0, 0], 1)[0].ShouldBe(new VectorHit<string>("b", 1));

        index.Set("b", [0, 0, 0, 1]);
        index.Remove("a").ShouldBeTrue();

        index.Remove("a").ShouldBeFalse();
        index.Count.ShouldBe(2);
        index.Find("a").ShouldBeNull();
        index.Find("b").ShouldBe([0, 0, 0, 1]);
        index.Search([0, 0, 1, 0], 5).Select(h => h.Key).ShouldBe(["c", "b"]);
        index.Search([0, 0, 0, 1], 5, k => k != "b").ShouldHaveSingleItem().Key.ShouldBe("c");
        index.Search([0, 0, 0, 0], 5).Count.ShouldBe(2);
    }

    [Fact]
    public void BadVectors_AreRefused()
    {
        using var index = new VectorIndex<int>(2);

        Should.Throw<ArgumentException>(() => index.Set(1, [1, 0, 0])).Message.ShouldContain("3 numbers");
        Should.Throw<ArgumentException>(() => index.Set(1, [3, 4])).Message.ShouldContain("unit length");
        Should.Throw<ArgumentException>(() => index.Set(1, [float.NaN, 0])).Message.ShouldContain("unit length");
        index.Search([1, 0], 3).ShouldBeEmpty();
    }

    [Fact]
    public async Task Readers_AndAWriter_AtTheSameTime_SeeWholeVectors()
    {
        using var index = new VectorIndex<int>(16);
        var vectors = Enumerable.Range(0, 500).Select(k => Unit(new Rng((ulong)k + 1), 16)).ToArray();
        var writer = Task.Run(() =>
        {
            for (var i = 0; i < vectors.Length; i++)
            {
                index.Set(i, vectors[i]);
            }
        });

        while (!writer.IsCompleted)
        {
            foreach (var hit in index.Search(vectors[0], 5))
            {
                hit.Score.ShouldBe(TensorPrimitives.Dot<float>(vectors[0], vectors[hit.Key]));
            }
        }

        await writer;
        index.Search(vectors[7], 1)[0].Key.ShouldBe(7);
    }

    private static float[] Unit(Rng rng, int dimensions) => Near(rng, new float[dimensions], 1);

    private static float[] Near(Rng rng, float[] centre, float spread)
    {
        var v = Array.ConvertAll(centre, c => c + (spread * (float)(rng.NextDouble() + rng.NextDouble() + rng.NextDouble() - 1.5) / MathF.Sqrt(centre.Length / 4f)));
        TensorPrimitives.Divide(v, TensorPrimitives.Norm<float>(v), v);
        return v;
    }
}
