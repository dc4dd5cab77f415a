using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AIX.Core.Scoring.Models;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Storage;

/// <summary>Reads what <see cref="ModelWriter"/> wrote; anything else throws <see cref="InvalidDataException"/> or <see cref="EndOfStreamException"/>.</summary>
internal sealed class ModelReader(Stream stream) : IDisposable
{
    /// <summary>No part of a model is longer.</summary>
    private const int MaxLength = 1 << 28;

    private readonly List<KernelBasis> _kernels = [];

    private readonly BinaryReader _in = new(stream, Encoding.UTF8, leaveOpen: true);

    public void Dispose() => _in.Dispose();

    public int Int() => _in.ReadInt32();

    public double Double() => _in.ReadDouble();

    public string Text() => _in.ReadString();

    public T Json<T>() => JsonSerializer.Deserialize<T>(Text(), ModelFile.Json) ?? throw new InvalidDataException("An empty part.");

    public T[] Array<T>()
        where T : unmanaged
    {
        var length = Int();
        if (length is < 0 or > MaxLength)
        {
            throw new InvalidDataException($"An array of {length} numbers.");
        }

        var values = new T[length];
        _in.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    public DesignMatrix Matrix()
    {
        var matrix = new DesignMatrix(Int(), Int());
        var data = Array<float>();
        if (data.Length != matrix.Data.Length)
        {
            throw new InvalidDataException("A matrix of another shape than it says.");
        }

        data.CopyTo(matrix.Data, 0);
        return matrix;
    }

    public IModel Model() => Int() switch
    {
        1 => Logistic(),
        2 => Boosting(),
        3 => Network(),
        4 => Bayes(),
        5 => new LinearSvmModel(Array<double>(), new PlattCalibrator(Double(), Double())),
        6 => Mean(),
        var tag => throw new InvalidDataException($"A model of the unknown kind {tag}."),
    };

    public LogisticModel Logistic()
    {
        var (linear, columns) = (Int(), Int());
        var (mean, variances, skew) = (Array<double>(), Array<double>(), Array<double>());
        var covariance = System.Array.ConvertAll(Array<float>(), v => (double)v);
        var kernels = new KernelBasis[Int()];
        for (var k = 0; k < kernels.Length; k++)
        {
            var known = Int();
            if (known < 0)
            {
                var (kind, length) = ((KernelKind)Int(), Double());
                _kernels.Add(new KernelBasis(Matrix(), Matrix(), length, kind));
                known = _kernels.Count - 1;
            }

            kernels[k] = known < _kernels.Count ? _kernels[known] : throw new InvalidDataException("A kernel that was not stored.");
        }

        return new LogisticModel(new CoefficientPosterior(mean, covariance.Length == 0 ? null : covariance, variances, skew.Length == 0 ? null : skew), linear, columns, kernels);
    }

    private BoostingModel Boosting()
    {
        var start = Double();
        var trees = new Tree[Int()];
        for (var t = 0; t < trees.Length; t++)
        {
            var (feature, left, right) = (Array<short>(), Array<short>(), Array<short>());
            var (threshold, missingLeft, value, cover) = (Array<byte>(), Array<bool>(), Array<float>(), Array<float>());
            var levels = new ulong[]?[feature.Length];
            for (var n = 0; n < levels.Length; n++)
            {
                levels[n] = Array<ulong>() is { Length: > 0 } set ? set : null;
            }

            trees[t] = new Tree { Feature = feature, Left = left, Right = right, Threshold = threshold, MissingLeft = missingLeft, Levels = levels, Value = value, Cover = cover };
        }

        return new BoostingModel(start, trees);
    }

    private NetworkModel Network()
    {
        var (columns, dropout) = (Int(), Double());
        return new NetworkModel(new NetworkWeights(Int(), Int(), Int(), Array<float>()), columns, dropout);
    }

    private NaiveBayesModel Bayes()
    {
        var prior = Double();
        var tables = new double[Int()][];
        for (var k = 0; k < tables.Length; k++)
        {
            tables[k] = Array<double>();
        }

        return new NaiveBayesModel(prior, tables);
    }

    private MeanModel Mean()
    {
        var weights = Array<double>();
        return new MeanModel([.. weights.Select(_ => Model())], weights);
    }
}
