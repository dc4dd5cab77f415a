namespace AIX.Core.Leads.Import;

/// <summary>How a delimited file is written.</summary>
/// <param name="Delimiter">One of comma, semicolon, tab, pipe.</param>
/// <param name="EncodingName">IANA name: utf-8, utf-16, utf-16BE, windows-1252.</param>
/// <param name="HasHeader">Whether the first record names the columns.</param>
public sealed record CsvFormat(char Delimiter, string EncodingName, bool HasHeader);
