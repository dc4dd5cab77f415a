using AIX.Core.Scoring.Numerics;

namespace AIX.Core.Scoring.Features;

/// <summary>Rows in the forms that models read; each form is made when first asked for. Safe for concurrent readers.</summary>
internal sealed class EncodedRows
{
    private readonly Lazy<DesignMatrix> _design;
    private readonly Lazy<BinMatrix> _bins;

    public EncodedRows(FeatureSchema schema, DataTable table)
        : this(schema, table.Rows, new Lazy<DataTable>(() => schema.Expand(table)))
    {
    }

    private EncodedRows(FeatureSchema schema, int rows, Lazy<DataTable> table)
        : this(schema, rows, () => DesignEncoder.Encode(schema, table.Value), () => BinEncoder.Encode(schema, table.Value))
    {
    }

    private EncodedRows(FeatureSchema schema, int rows, Func<DesignMatrix> design, Func<BinMatrix> bins)
    {
        Schema = schema;
        Rows = rows;
        _design = new Lazy<DesignMatrix>(design);
        _bins = new Lazy<BinMatrix>(bins);
    }

    public FeatureSchema Schema { get; }

    public int Rows { get; }

    /// <summary>Intercept, linear and spline columns.</summary>
    public DesignMatrix Design => _design.Value;

    public BinMatrix Bins => _bins.Value;

    public EncodedRows Select(int[] rows) => new(Schema, rows.Length, () => Design.Select(rows), () => Bins.Select(rows));
}

/// <summary>Rows with their outcomes, in the order of time when they have one.</summary>
/// <param name="Labels">1 for won, 0 for lost.</param>
/// <param name="Weights">Positive; 1 for an ordinary outcome.</param>
internal sealed record LabelledRows(EncodedRows Rows, double[] Labels, double[] Weights)
{
    public int Count => Labels.Length;

    public LabelledRows Select(int[] rows) => new(Rows.Select(rows), Array.ConvertAll(rows, r => Labels[r]), Array.ConvertAll(rows, r => Weights[r]));
}
