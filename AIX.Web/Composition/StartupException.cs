namespace AIX.Web.Composition;

/// <summary>The program cannot start as it is configured; the message is one line that says what to do.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
