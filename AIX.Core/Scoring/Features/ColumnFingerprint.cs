namespace AIX.Core.Scoring.Features;

internal static class ColumnFingerprint
{
    /// <summary>64 bits over the values in their order, so that a column that repeats another is found.</summary>
    public static ulong Of(Column column)
    {
        var hash = 14695981039346656037UL;
        void Add(ulong value) => hash = Mixed(hash ^ value);
        switch (column)
        {
            case NumberColumn number:
                foreach (var value in number.Values)
                {
                    Add((ulong)BitConverter.DoubleToInt64Bits(value));
                }

                break;
            case DateColumn date:
                foreach (var value in date.Days)
                {
                    Add((ulong)BitConverter.DoubleToInt64Bits(value));
                }

                break;
            case TextColumn text:
                var texts = Levels(text.Levels);
                foreach (var code in text.Codes)
                {
                    Add(code < 0 ? 0 : texts[code]);
                }

                break;
            case ListColumn list:
                var members = Levels(list.Levels);
                foreach (var row in list.Members)
                {
                    Add(row is null ? 1UL : row.Aggregate(2UL, (sum, m) => sum + members[m]));
                }

                break;
        }

        return hash;
    }

    private static ulong[] Levels(IReadOnlyList<string> levels) => [.. levels.Select(l => l.Aggregate(17UL, (h, c) => Mixed(h ^ c)))];

    /// <summary>
    /// MurmurHash3's finaliser (Appleby): every bit of the input moves every bit of the result. Small whole numbers as doubles differ in their highest bits only, and a
    /// multiplication alone, as in FNV, carries nothing down from there: one pair of 0/1 columns in a few thousand would be taken for the same.
    /// </summary>
    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 33)) * 0xFF51AFD7ED558CCD;
        z = (z ^ (z >> 33)) * 0xC4CEB9FE1A85EC53;
        return z ^ (z >> 33);
    }
}
