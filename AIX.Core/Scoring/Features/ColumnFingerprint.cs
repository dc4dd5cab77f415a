namespace AIX.Core.Scoring.Features;

internal static class ColumnFingerprint
{
    /// <summary>FNV-1a over the values, so that a column that repeats another is found.</summary>
    public static ulong Of(Column column)
    {
        var hash = 14695981039346656037UL;
        void Add(ulong value) => hash = (hash ^ value) * 1099511628211UL;
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
                var levels = text.Levels.Select(l => l.Aggregate(17UL, (h, c) => h * 31 + c)).ToArray();
                foreach (var code in text.Codes)
                {
                    Add(code < 0 ? 0 : levels[code]);
                }

                break;
            case ListColumn list:
                foreach (var members in list.Members)
                {
                    Add(members is null ? 1UL : members.Aggregate(2UL, (sum, m) => sum + (ulong)list.Levels[m].GetHashCode(StringComparison.Ordinal)));
                }

                break;
        }

        return hash;
    }
}
