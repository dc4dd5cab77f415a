namespace AIX.Core.Text;

/// <summary>Words that say nothing of what a text is about: English, Hindi, and Hindi in Latin letters.</summary>
internal static class StopWords
{
    private static readonly HashSet<string> All = new(
        ("a an the and or of to in on at for with by from is are was were be been it its this that these those as we our you your they their i he she not no " +
         "का की के को में से पर और या है हैं था थी थे यह वह ये वे एक ने तो ही भी कि जो हम आप मैं नहीं " +
         "ka ki ke ko mein se par aur ya hai hain tha thi the yeh woh ek ne toh hi bhi jo hum aap main nahi").Split(' '),
        StringComparer.Ordinal);

    public static bool Contains(string word) => All.Contains(word);
}
