using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Models;
using AIX.Core.Scoring.Training;
using AIX.Core.Shared;

namespace AIX.Core.Scoring.Storage;

/// <summary>The bytes of a trained model: "AIXM", a format version, then Deflate over schema, models, calibrator and interval.</summary>
internal static class ModelFile
{
    /// <summary>Raised whenever the meaning of the bytes changes; an older file is refused, and the model trained again.</summary>
    public const int Version = 3;

    public static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static ReadOnlySpan<byte> Magic => "AIXM"u8;

    public static byte[] Write(FeatureSchema schema, AutoResult result, IReadOnlyList<Leak> leaks, int rows, double won)
    {
        using var memory = new MemoryStream();
        memory.Write(Magic);
        memory.Write(BitConverter.GetBytes(Version));
        using (var packed = new DeflateStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        using (var writer = new ModelWriter(packed))
        {
            writer.Json(schema.Features);
            writer.Json(schema.Dropped);
            writer.Json(schema.Texts);
            writer.Json(leaks);
            writer.Int(rows);
            writer.Double(won);
            writer.Text(result.Chosen);
            writer.Json(result.Calibrator);
            writer.Json(result.Candidates);
            writer.Double(result.HalfLife);
            writer.Json(result.Members.Select(m => new Member(m.Name, m.Weight)));

            // A view of the interval that is part of the score is stored once.
            writer.Model(result.Model);
            writer.Model(result.Interval.Reference);
            writer.Double(result.Interval.HeldOutVariance);
            writer.Array<double>(result.Interval.ImputedVariance);
            writer.Int(result.Interval.Views.Count);
            foreach (var (model, weight) in result.Interval.Views)
            {
                var member = result.Model is MeanModel mean ? Enumerable.Range(0, mean.Members.Count).FirstOrDefault(k => ReferenceEquals(mean.Members[k], model), -1) : -1;
                writer.Double(weight);
                writer.Int(member);
                if (member < 0)
                {
                    writer.Model(model);
                }
            }

            writer.Double(result.Interval.Trees?.Weight ?? 0);
            writer.Int(result.Interval.Trees?.Models.Count ?? 0);
            foreach (var model in result.Interval.Trees?.Models ?? [])
            {
                writer.Model(model);
            }
        }

        return memory.ToArray();
    }

    public static Result<TrainedModel> Read(byte[] bytes)
    {
        if (bytes.Length < 8 || !bytes.AsSpan(0, 4).SequenceEqual(Magic))
        {
            return new Error(ErrorKind.Invalid, "not-a-model", "These bytes are not a model of AIX.");
        }

        if (BitConverter.ToInt32(bytes, 4) is var version && version != Version)
        {
            return new Error(ErrorKind.Invalid, "model-version", $"This model is stored in format {version}; this program reads format {Version}. Train it again, or run the program that wrote it.");
        }

        try
        {
            using var packed = new DeflateStream(new MemoryStream(bytes, 8, bytes.Length - 8), CompressionMode.Decompress);
            using var reader = new ModelReader(packed);
            return Read(reader);
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or JsonException or IOException or ArgumentException or OverflowException or FormatException)
        {
            return new Error(ErrorKind.Invalid, "model-damaged", $"This model is damaged: {broken.Message}");
        }
    }

    private static TrainedModel Read(ModelReader reader)
    {
        var schema = new FeatureSchema(reader.Json<List<FeatureSpec>>(), reader.Json<List<DroppedFeature>>(), reader.Json<List<TextEncoder>>());
        var leaks = reader.Json<List<Leak>>();
        var (rows, won, chosen) = (reader.Int(), reader.Double(), reader.Text());
        var (calibrator, candidates, halfLife, members) = (reader.Json<Calibrator>(), reader.Json<List<CandidateReport>>(), reader.Double(), reader.Json<List<Member>>());
        var model = reader.Model();
        var reference = reader.Model() as LogisticModel ?? throw new InvalidDataException("The interval's posterior is of another kind.");
        var (heldOut, imputed) = (reader.Double(), reader.Array<double>());
        var views = new (IModel, double)[reader.Int()];
        for (var k = 0; k < views.Length; k++)
        {
            var weight = reader.Double();
            var member = reader.Int();
            views[k] = (member < 0 ? reader.Model() : ((MeanModel)model).Members[member], weight);
        }

        var (share, folds) = (reader.Double(), new IModel[reader.Int()]);
        for (var k = 0; k < folds.Length; k++)
        {
            folds[k] = reader.Model();
        }

        var result = new AutoResult(model, chosen, calibrator, new IntervalModel(reference, views, folds.Length > 0 ? new Jackknife(folds, share) : null, heldOut, imputed), candidates, halfLife, [.. members.Select(m => (m.Name, m.Weight))]);
        return new TrainedModel(schema, result, leaks, rows, won);
    }

    private sealed record Member(string Name, double Weight);
}
