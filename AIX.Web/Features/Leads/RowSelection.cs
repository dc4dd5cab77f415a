using AIX.Core.Leads;

namespace AIX.Web.Features.Leads;

/// <summary>Which rows of the lead table are chosen, and the row that the keyboard is on.</summary>
internal sealed class RowSelection
{
    private readonly HashSet<Guid> _ids = [];

    /// <summary>Row that a range begins at.</summary>
    private int _from;

    /// <summary>Every lead that matches, on other pages too.</summary>
    public bool All { get; private set; }

    /// <summary>−1 before the keyboard has moved.</summary>
    public int At { get; private set; } = -1;

    public IReadOnlyCollection<Guid> Ids => _ids;

    public bool IsEmpty => !All && _ids.Count == 0;

    public bool Contains(Guid id) => All || _ids.Contains(id);

    public bool HoldsAll(IReadOnlyList<LeadRow>? rows) => rows is { Count: > 0 } && rows.All(r => Contains(r.Id));

    /// <summary>Chooses a row, or lets it go; a range begins there.</summary>
    public void Toggle(IReadOnlyList<LeadRow>? rows, int at)
    {
        if (rows is null || at < 0 || at >= rows.Count)
        {
            return;
        }

        (All, At, _from) = (false, at, at);
        if (!_ids.Remove(rows[at].Id))
        {
            _ids.Add(rows[at].Id);
        }
    }

    /// <summary>Chooses what lies between the row of the last choice and the keyboard's.</summary>
    public void ToHere(IReadOnlyList<LeadRow>? rows)
    {
        if (rows is not null && At >= 0)
        {
            _ids.UnionWith(rows.Skip(Math.Min(_from, At)).Take(Math.Abs(At - _from) + 1).Select(r => r.Id));
        }
    }

    /// <summary>The page, and nothing else; or nothing.</summary>
    public void Page(IReadOnlyList<LeadRow>? rows, bool on)
    {
        Clear();
        if (on && rows is not null)
        {
            _ids.UnionWith(rows.Select(r => r.Id));
        }
    }

    public void TakeAll() => All = true;

    public void Clear()
    {
        _ids.Clear();
        All = false;
    }

    /// <summary>Nothing chosen, the keyboard nowhere: another list is shown.</summary>
    public void Reset()
    {
        Clear();
        At = -1;
    }

    public void Move(IReadOnlyList<LeadRow>? rows, int step) => At = rows is null ? -1 : Math.Clamp(At + step, 0, Math.Max(0, rows.Count - 1));
}
