using AIX.Core.Shared;
using Microsoft.AspNetCore.Mvc;

namespace AIX.Web.Api;

/// <summary>The one place where errors become HTTP: RFC 9457 problem details with a stable type.</summary>
internal static class Problems
{
    private const string TypeBase = "urn:aix:problem:";

    public static IResult Of(Error error) => Results.Problem(Make(StatusOf(error.Kind), error.Code, error.Message, error.Field));

    public static ProblemDetails Make(int status, string code, string detail, string? field = null)
    {
        var problem = new ProblemDetails { Status = status, Type = TypeBase + code, Title = TitleOf(status), Detail = detail };
        if (field is not null)
        {
            problem.Extensions["field"] = field;
        }

        return problem;
    }

    public static Task WriteAsync(HttpContext context, int status, string code, string detail)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(Make(status, code, detail), options: null, contentType: "application/problem+json");
    }

    private static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        _ => StatusCodes.Status400BadRequest,
    };

    private static string TitleOf(int status) => status switch
    {
        400 => "The request cannot be understood",
        401 => "No valid key",
        403 => "Not allowed",
        404 => "Not found",
        409 => "Conflict",
        413 => "Too large",
        422 => "Key used before",
        429 => "Too many requests",
        _ => "Something went wrong",
    };
}
