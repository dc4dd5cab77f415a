namespace AIX.Core.Leads.Intake;

/// <summary>
/// Keeps the chunks of one import in order while two of them are stored at once: the later one takes the tenant's lock after the earlier one has it
/// (or a caller that wants the lock for itself could come between the two and wait for ever), and merges and commits after the earlier one has committed.
/// The importer sees to it that chunks stored at once share no key.
/// </summary>
internal sealed class IntakeTurn(IntakeTurn? earlier)
{
    private readonly TaskCompletionSource _locked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>May take the lock.</summary>
    public Task MayLock => earlier?._locked.Task ?? Task.CompletedTask;

    /// <summary>The earlier chunk has committed; throws when it failed.</summary>
    public Task MayMerge => earlier?._ended.Task ?? Task.CompletedTask;

    public void Locked() => _locked.TrySetResult();

    public void Committed() => _ended.TrySetResult();

    public void Failed(Exception ex)
    {
        _locked.TrySetResult();
        _ended.TrySetException(ex);
        _ = _ended.Task.Exception;
    }
}
