using System.Globalization;
using System.Net;
using System.Security.Claims;
using AIX.Core.Auditing;
using AIX.Core.Leads;
using AIX.Core.Tenancy;
using AIX.Core.Users;
using AIX.Infrastructure.Demo;
using AIX.Infrastructure.Users;
using AIX.Web.Api;
using AIX.Web.Features.Calls;
using AIX.Web.Features.SignIn;
using AIX.Web.Shell;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;
using Radzen;

namespace AIX.Web.Composition;

internal static class BrowserComposition
{
    public static readonly CultureInfo[] Cultures = [new("en"), new("hi")];

    public static void AddBrowser(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets();
        var services = builder.Services;
        services.AddRazorComponents().AddInteractiveServerComponents(circuit => circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(5))

            // A text that is too long for its field is to get its message; with the default of 32 kB it would cut the connection.
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = 1 << 20);
        services.AddCascadingAuthenticationState();
        services.AddRadzenComponents();
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.DefaultRequestCulture = new RequestCulture("en");
            options.SupportedCultures = Cultures;
            options.SupportedUICultures = Cultures;
            options.RequestCultureProviders = [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
        });

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, cookie =>
        {
            cookie.LoginPath = "/signin";
            cookie.AccessDeniedPath = "/denied";
            cookie.Cookie.Name = "aix";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.ExpireTimeSpan = TimeSpan.FromDays(7);
            cookie.SlidingExpiration = true;
            cookie.Events.OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync;
        });
        services.AddIdentityCore<User>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            identity.Password.RequiredLength = 10;
            identity.Lockout.MaxFailedAccessAttempts = 5;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
        }).AddSignInManager().AddDefaultTokenProviders().AddClaimsPrincipalFactory<UserClaims>();
        services.AddHttpContextAccessor();
        services.AddTransient<IClaimsTransformation, WhereFrom>();
        services.Configure<SecurityStampValidatorOptions>(o => o.ValidationInterval = TimeSpan.FromMinutes(5));

        services.AddDataProtection().SetApplicationName("AIX");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(s => new ConfigureOptions<KeyManagementOptions>(o => o.XmlRepository = s.GetRequiredService<DataProtectionRepository>()));
        services.AddScoped<CircuitHandler, TenantCircuit>();
        services.AddSingleton<RecordingLinks>();
        services.AddScoped<Clock>();
        services.AddScoped<CurrentUser>();
        services.AddScoped<KeyMap>();
        services.AddScoped<Toasts>();
        services.AddSingleton(new DemoAccounts(builder.Environment.IsDevelopment() ? [.. DemoData.Accounts.Select(a => new DemoSignIn(a.Tenant, a.Role, a.Email, a.Password))] : []));
    }

    public static void UseBrowser(this WebApplication app)
    {
        app.UseExceptionHandler(error => error.Run(context => Problems.WriteAsync(context, 500, "internal", "Something went wrong on our side. Nothing was changed; try again.")));
        app.UseForwardedHeaders(Forwarded(app.Configuration.GetSection("ReverseProxies").Get<string[]>() ?? []));
        app.Use((context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.XFrameOptions = "DENY";
            context.Response.Headers["Referrer-Policy"] = "same-origin";
            return next(context);
        });
        app.UseRequestLocalization();
        app.UseWebSockets();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use((context, next) =>
        {
            if (Claims.TenantOf(context.User) is { } tenant)
            {
                context.RequestServices.GetRequiredService<CurrentTenant>().Set(tenant);
            }

            return next(context);
        });
        app.UseRateLimiter();
        app.UseMiddleware<Idempotency>();
        app.UseAntiforgery();
    }

    /// <summary>Only proxies that are known may say whom they speak for: those on this machine, and those that are named.</summary>
    private static ForwardedHeadersOptions Forwarded(string[] proxies)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedFor };
        foreach (var proxy in proxies)
        {
            options.KnownProxies.Add(IPAddress.TryParse(proxy, out var address) ? address : throw new InvalidOperationException($"ReverseProxies: “{proxy}” is no network address."));
        }

        return options;
    }

    public static void MapBrowser(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        app.MapGet("/", () => Results.Redirect("/home")).ExcludeFromDescription();
        app.MapPost("/signout", async (HttpContext context, SignInManager<User> signIn, IAuditLog audit) =>
        {
            if (Claims.TenantOf(context.User) is { } tenant)
            {
                await audit.AppendAsync(tenant, Claims.ActorOf(context.User), "account.signed-out", new { }, context.RequestAborted);
            }

            await signIn.SignOutAsync();
            return Results.Redirect("/signin");
        }).ExcludeFromDescription();
        app.MapGet("/language/{language}", (HttpContext context, string language, string? returnUrl) =>
        {
            if (Cultures.Any(c => c.Name == language))
            {
                context.Response.Cookies.Append(
                    CookieRequestCultureProvider.DefaultCookieName,
                    CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)),
                    new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, IsEssential = true });
            }

            return Results.LocalRedirect(returnUrl is ['/', not ('/' or '\\'), ..] ? returnUrl : "/");
        }).ExcludeFromDescription();
        app.MapPost("/app/imports", UploadAsync).RequireAuthorization(p => p.RequireClaim(Claims.Permission, Permission.ImportsRun)).ExcludeFromDescription();
        app.MapGet("/app/recordings/{token}", RecordingAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/app/suppressions.csv", ComplianceEndpoints.ExportAsync).RequireAuthorization(p => p.RequireClaim(Claims.Permission, Permission.ComplianceManage)).ExcludeFromDescription();
        app.MapGet("/app/analytics/{file}", Features.Analytics.AnalyticsFiles.DownloadAsync).RequireAuthorization(p => p.RequireClaim(Claims.Permission, Permission.CampaignsRead)).ExcludeFromDescription();
        app.MapGet("/u/{token}", Features.Outreach.Unsubscribe.ShowAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/u/{token}", Features.Outreach.Unsubscribe.EndAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        app.MapGet("/app/campaigns/{id:guid}/excluded.csv", Features.Campaigns.CampaignDownloads.ExcludedAsync).RequireAuthorization(p => p.RequireClaim(Claims.Permission, Permission.CampaignsRead)).ExcludeFromDescription();
        app.MapGet("/app/exports/{id:guid}.csv", ExportAsync).RequireAuthorization(p => p.RequireClaim(Claims.Permission, Permission.LeadsRead)).ExcludeFromDescription();
        app.MapGet("/app/imports/{id:guid}/errors.csv", ImportEndpoints.DownloadErrorsAsync).RequireAuthorization(p => p.RequireClaim(Claims.Permission, Permission.LeadsRead)).ExcludeFromDescription();
    }

    /// <summary>A recording by its signed link, in ranges, never kept by a cache. The link is the permission: it is made for people who have it, and holds ten minutes.</summary>
    private static async Task<IResult> RecordingAsync(HttpContext http, RecordingLinks links, Core.Calls.ICallStore calls, Core.Calls.IRecordings recordings, Core.Auditing.IAuditLog audit, string token, CancellationToken ct)
    {
        if (links.Read(token) is not { } link || await calls.RecordingAsync(link.Tenant, link.Call, ct) is not { } recording || await recordings.MediaAsync(recording, ct) is not { } media)
        {
            return Results.NotFound();
        }

        // Once per listening, not once per range.
        if (http.Request.Headers.Range.ToString() is "" or "bytes=0-")
        {
            await audit.AppendAsync(link.Tenant, Core.Auditing.Actor.User(link.User), "recording.played", new { link.Call }, ct);
        }

        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(media, "audio/wav", enableRangeProcessing: true);
    }

    private static async Task ExportAsync(HttpContext http, IBulkStore store, IAuditLog audit, ICurrentTenant current, Guid id, CancellationToken ct)
    {
        if (await store.GetAsync(current.Id!.Value, id, ct) is not { Kind: BulkKind.Export, State: BulkState.Done })
        {
            await Problems.WriteAsync(http, 404, "unknown-export", "There is no such export, or it is still running.");
            return;
        }

        await audit.AppendAsync(current.Id!.Value, Claims.ActorOf(http.User), "export.downloaded", new { id }, ct);
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"leads-{id:N}.csv\"";
        await foreach (var part in store.FileAsync(current.Id!.Value, id, ct))
        {
            await http.Response.Body.WriteAsync(part, ct);
        }
    }

    /// <summary>The wizard's upload: plain HTTP with progress, because a circuit is no place for a large file. Guarded by the antiforgery header.</summary>
    private static async Task<IResult> UploadAsync(HttpContext http, Microsoft.AspNetCore.Antiforgery.IAntiforgery antiforgery, StageImport stage, ICurrentTenant current, IntakeOptions options, CancellationToken ct)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Problems.Of(new(Core.Shared.ErrorKind.Invalid, "antiforgery", "This page is out of date. Reload it and choose the file again."));
        }

        var user = Guid.TryParse(http.User.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : (Guid?)null;
        var received = await ImportEndpoints.ReceiveAsync(http, stage, current.Id!.Value, user, options, ct);
        return received.IsOk ? Results.Json(new { id = received.Value.Id }) : Problems.Of(received.Error);
    }
}
