using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AIX.Core.Scoring.Models;
using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Storage;

/// <summary>Writes models as tagged little-endian binary; see <see cref="ModelFile"/>.</summary>
internal sealed class ModelWriter(Stream stream) : IDisposable
{
    private readonly List<KernelBasis> _kernels = [];

    private readonly BinaryWriter _out = new(stream, Encoding.UTF8, leaveOpen: true);

    public void Dispose() => _out.Dispose();

    public void Int(int value) => _out.Write(value);

    public void Double(double value) => _out.Write(value);

    public void Text(string value) => _out.Write(value);

    public void Json<T>(T value) => Text(JsonSerializer.Serialize(value, ModelFile.Json));

    public void Array<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Int(values.Length);
        _out.Write(MemoryMarshal.AsBytes(values));
    }

    public void Matrix(DesignMatrix matrix)
    {
        Int(matrix.Rows);
        Int(matrix.Columns);
        Array<float>(matrix.Data);
    }

    public void Model(IModel model)
    {
        switch (model)
        {
            case LogisticModel logistic:
                Int(1);
                Logistic(logistic);
                break;
            case BoostingModel boosting:
                Int(2);
                Boosting(boosting);
                break;
            case NetworkModel network:
                Int(3);
                Int(network.Columns);
                Double(network.Dropout);
                Int(network.Weights.Inputs);
                Int(network.Weights.Hidden1);
                Int(network.Weights.Hidden2);
                Array<float>(network.Weights.Values);
                break;
            case NaiveBayesModel bayes:
                Int(4);
                Double(bayes.Prior);
                Int(bayes.Tables.Length);
                foreach (var table in bayes.Tables)
                {
                    Array<double>(table);
                }

                break;
            case LinearSvmModel svm:
                Int(5);
                Array<double>(svm.Theta);
                Double(svm.Platt.A);
                Double(svm.Platt.B);
                break;
            case MeanModel mean:
                Int(6);
                Array<double>(mean.Weights);
                foreach (var member in mean.Members)
                {
                    Model(member);
                }

                break;
            default:
                throw new InvalidOperationException($"No format for {model.GetType().Name}.");
        }
    }

    private void Logistic(LogisticModel model)
    {
        Int(model.Linear);
        Int(model.Columns);
        Array<double>(model.Posterior.Mean);
        Array<double>(model.Posterior.KernelVariances);
        Array<double>(model.Posterior.Skew ?? []);
        // Single precision is what scoring reads.
        Array<float>(model.Posterior.Covariance is { } covariance ? System.Array.ConvertAll(covariance, v => (float)v) : []);
        Int(model.Kernels.Length);
        foreach (var kernel in model.Kernels)
        {
            // Several models stand on one basis: it is written once, and is one again when read.
            var known = _kernels.IndexOf(kernel);
            Int(known);
            if (known >= 0)
            {
                continue;
            }

            _kernels.Add(kernel);
            Int((int)kernel.Kind);
            Double(kernel.Length);
            Matrix(kernel.Inducing);
            Matrix(kernel.Factor);
        }
    }

    private void Boosting(BoostingModel model)
    {
        Double(model.Start);
        Int(model.Trees.Count);
        foreach (var tree in model.Trees)
        {
            Array<short>(tree.Feature);
            Array<short>(tree.Left);
            Array<short>(tree.Right);
            Array<byte>(tree.Threshold);
            Array<bool>(tree.MissingLeft);
            Array<float>(tree.Value);
            Array<float>(tree.Cover);
            foreach (var set in tree.Levels)
            {
                Array<ulong>(set ?? []);
            }
        }
    }
}
