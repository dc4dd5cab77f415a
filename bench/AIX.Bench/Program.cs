using AIX.Bench;

return args switch
{
    ["screenshots", var folder, .. var only] => await Screenshots.RunAsync(folder, only),
    ["intake", ..] => await IntakeBench.RunAsync(args[1..]),
    ["ui", ..] => await UiBench.RunAsync(args[1..]),
    ["scoring", ..] => ScoringBench.Run(args[1..]),
    ["enrichment", ..] => await EnrichmentBench.RunAsync(),
    ["campaign", ..] => await CampaignBench.RunAsync(args[1..]),
    ["gate", ..] => GateBench.Run(args[1..]),
    ["calls", ..] => await CallsBench.RunAsync(args[1..]),
    ["intents", ..] => IntentBench.Run(args[1..]),
    ["vectors", ..] => VectorBench.Run(),
    ["rescore", ..] => await RescoreBench.RunAsync(args[1..]),
    ["intervals", ..] => IntervalBench.Run(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("areas: intake [--rows N]; ui [--leads N]; scoring --data FILE --label COLUMN …; intervals --data DIR; rescore [--leads N]; intents --train FILE --test FILE; calls [--calls N]; gate [--cases N]; campaign [--leads N] [--speed N]; enrichment; vectors; screenshots FOLDER [PAGE …]");
    return 2;
}
