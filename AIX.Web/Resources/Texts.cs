namespace AIX.Web.Resources;

/// <summary>Names the resource files of everything that people read: Texts.resx and Texts.hi.resx.</summary>
public sealed class Texts;
