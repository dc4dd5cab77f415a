namespace AIX.Core.Shared;

/// <summary>What kind of refusal this is; it decides the HTTP status and the tone on screen, in one place each.</summary>
public enum ErrorKind
{
    Invalid,
    NotFound,
    Conflict,
    Forbidden,
    TooLarge,
}

/// <summary>An expected failure: a stable code, a sentence that says what, where and what to do, and the field it is about.</summary>
/// <param name="Kind">Class of the refusal.</param>
/// <param name="Code">Stable and kebab-cased; the API's problem <c>type</c> ends with it.</param>
/// <param name="Message">For a person.</param>
/// <param name="Field">The input field, where one is to blame.</param>
public record Error(ErrorKind Kind, string Code, string Message, string? Field = null);
