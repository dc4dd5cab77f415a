using System.Text.Json;
using AIX.Core.Leads;
using AIX.Core.Shared;
using AIX.Core.Tenancy;

namespace AIX.Web.Api;

/// <summary>The public form of a tenant: JSON or an ordinary HTML form post.</summary>
public static class FormEndpoints
{
    /// <summary>A field that people do not see and robots fill in. A submission with it is answered like any other and thrown away.</summary>
    public const string TrapField = "fax_number";

    private const int MaxFormBytes = 64_000;
    private const int MaxFields = 60;

    internal static async Task<IResult> SubmitAsync(HttpContext http, string formKey, IWebFormStore forms, IServiceScopeFactory scopes, CancellationToken ct)
    {
        if (formKey.Length > 100 || await forms.FindAsync(formKey, ct) is not { } form)
        {
            return Problems.Of(new Error(ErrorKind.NotFound, "unknown-form", "There is no such form."));
        }

        var body = http.Request.HasFormContentType ? await FormAsync(http.Request, ct) : await JsonBody.ReadAsync(http.Request, MaxFormBytes, ct);
        if (!body.IsOk)
        {
            return Problems.Of(body.Error);
        }

        using var document = body.Value;
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return Problems.Of(new Error(ErrorKind.Invalid, "invalid-body", "A form submission is one JSON object."));
        }

        if (document.RootElement.TryGetProperty(TrapField, out var trap) && trap.ToString().Length > 0)
        {
            return Results.Json(new { status = "accepted" }, statusCode: 202);
        }

        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentTenant>().Set(form.TenantId);
        var submit = scope.ServiceProvider.GetRequiredService<SubmitLeads>();
        var result = await submit.ExecuteAsync(form.TenantId, SourceKind.Form, form.Id, WithoutTrap(document.RootElement), ct);
        if (!result.IsOk)
        {
            return Problems.Of(result.Error);
        }

        // Whether the person was known already is nobody's business out there: new and known look the same.
        var item = result.Value[0];
        return item.Status == IntakeStatus.Rejected
            ? Results.Json(new { status = "rejected", errors = item.Errors }, statusCode: 422)
            : Results.Json(new { status = "accepted" }, statusCode: 202);
    }

    private static async Task<Result<JsonDocument>> FormAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength is null or > MaxFormBytes)
        {
            return new Error(ErrorKind.TooLarge, "body-too-large", "The form is too large.");
        }

        try
        {
            var form = await request.ReadFormAsync(ct);
            return form.Count > MaxFields
                ? new Error(ErrorKind.Invalid, "too-many-fields", $"The form has more than {MaxFields} fields.")
                : JsonSerializer.SerializeToDocument(form.ToDictionary(f => f.Key, f => f.Value.ToString()));
        }
        catch (Exception ex) when (ex is InvalidDataException or IOException)
        {
            return new Error(ErrorKind.Invalid, "invalid-form", "The form cannot be read.");
        }
    }

    private static JsonElement WithoutTrap(JsonElement body) =>
        JsonSerializer.SerializeToElement(body.EnumerateObject().Where(p => !p.NameEquals(TrapField)).DistinctBy(p => p.Name).ToDictionary(p => p.Name, p => p.Value));
}
