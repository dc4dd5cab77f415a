using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AIX.Core.Text;

/// <summary>Vectors as bytes with a scale.</summary>
internal static class VectorBytes
{
    /// <returns>Scale s with v̂ = s·bytes, and |v − v̂|.</returns>
    public static (float Scale, float Error) Quantise(ReadOnlySpan<float> vector, Span<sbyte> bytes)
    {
        bytes.Clear();
        var scale = MathF.Abs(TensorPrimitives.MaxMagnitude(vector)) / 127;
        if (scale == 0)
        {
            return (0, 0);
        }

        var error = 0.0;
        for (var j = 0; j < vector.Length; j++)
        {
            bytes[j] = (sbyte)MathF.Round(vector[j] / scale);
            var off = vector[j] - (scale * bytes[j]);
            error += off * off;
        }

        return (scale, (float)Math.Sqrt(error));
    }

    /// <summary>Pairs of products in 16 bits are added in 32: 384 × 127² is far below 2³¹.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(ref sbyte a, ref sbyte b, int length)
    {
        if (Avx512BW.IsSupported)
        {
            var (s0, s1) = (Vector512<int>.Zero, Vector512<int>.Zero);
            for (nuint j = 0; j < (nuint)length; j += 64)
            {
                s0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref a, j)), Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref b, j)));
                s1 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref a, j + 32)), Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref b, j + 32)));
            }

            return Vector512.Sum(s0 + s1);
        }

        if (Avx2.IsSupported)
        {
            var sum = Vector256<int>.Zero;
            for (nuint j = 0; j < (nuint)length; j += 16)
            {
                sum += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref a, j)), Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref b, j)));
            }

            return Vector256.Sum(sum);
        }

        var (low, high) = (Vector128<int>.Zero, Vector128<int>.Zero);
        for (nuint j = 0; j < (nuint)length; j += 16)
        {
            var (a0, a1) = Vector128.Widen(Vector128.LoadUnsafe(ref a, j));
            var (b0, b1) = Vector128.Widen(Vector128.LoadUnsafe(ref b, j));
            var (p0, p1) = Vector128.Widen(a0 * b0);
            var (p2, p3) = Vector128.Widen(a1 * b1);
            low += p0 + p2;
            high += p1 + p3;
        }

        return Vector128.Sum(low + high);
    }
}
