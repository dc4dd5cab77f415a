namespace AIX.Bench;

internal static class IntakeBench
{
    public static Task<int> RunAsync(string[] args) => Task.FromResult(args.Length);
}
