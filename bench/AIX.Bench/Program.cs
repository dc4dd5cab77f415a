using AIX.Bench;

return args switch
{
    ["screenshots", var folder, ..] => await Screenshots.RunAsync(folder),
    ["intake", ..] => await IntakeBench.RunAsync(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("areas: intake [--rows N]; screenshots FOLDER");
    return 2;
}
