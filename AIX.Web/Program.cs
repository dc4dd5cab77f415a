using AIX.Web.Composition;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddConfiguration();
    await using var database = await builder.AddDatabaseAsync();
    builder.AddProduct();
    builder.AddApi();
    builder.AddBrowser();
    builder.AddTelemetry();

    var app = builder.Build();
    if (args is [AuditCommand.Name, ..])
    {
        return await AuditCommand.RunAsync(app.Services);
    }

    await app.PrepareAsync();
    app.UseBrowser();
    app.MapProduct();
    await app.RunAsync();
    return 0;
}
catch (StartupException ex)
{
    await Console.Error.WriteLineAsync(ex.Message);
    return 1;
}
