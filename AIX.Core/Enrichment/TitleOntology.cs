using AIX.Core.Text;

namespace AIX.Core.Enrichment;

/// <summary>Levels that job titles are brought to, the highest first; those that people-data vendors use.</summary>
public enum SeniorityLevel
{
    Owner,
    CxO,
    Partner,
    VicePresident,
    Director,
    Head,
    Manager,
    Senior,
    Entry,
    Training,
}

/// <summary>Departments that job titles are brought to.</summary>
public enum JobFunction
{
    GeneralManagement,
    HumanResources,
    Finance,
    Sales,
    Marketing,
    Engineering,
    InformationTechnology,
    Operations,
    Procurement,
    CustomerService,
    Legal,
    Product,
    Education,
    Health,
}

/// <summary>Job titles in English and Hindi, in both scripts, as seniority and function: "Sr. VP – HR & Admin" is a vice president of human resources.</summary>
public static class TitleOntology
{
    private static readonly (SeniorityLevel Level, string[] Words)[] Levels =
    [
        (SeniorityLevel.Training, Split("intern|trainee|apprentice|student|fresher|प्रशिक्षु|छात्र")),
        (SeniorityLevel.Owner, Split("founder|co founder|cofounder|owner|proprietor|entrepreneur|promoter|संस्थापक|मालिक|maalik|malik")),
        (SeniorityLevel.VicePresident, Split("vice president|vp|avp|svp|evp|उपाध्यक्ष")),
        (SeniorityLevel.CxO, Split("ceo|cfo|cto|cio|coo|cmo|chro|cpo|cro|ciso|chief|managing director|md|president|chairman|chairperson|मुख्य कार्यकारी|प्रबंध निदेशक|अध्यक्ष")),
        (SeniorityLevel.Partner, Split("partner|साझेदार")),
        (SeniorityLevel.Director, Split("director|निदेशक")),
        (SeniorityLevel.Head, Split("head|hod|principal|dean|superintendent|प्रमुख|प्रधानाचार्य")),
        (SeniorityLevel.Manager, Split("manager|mgr|supervisor|team lead|lead|controller|administrator|प्रबंधक")),
        (SeniorityLevel.Senior, Split("senior|sr|specialist|architect|consultant|expert|वरिष्ठ")),
        (SeniorityLevel.Entry, Split("executive|officer|analyst|engineer|associate|assistant|accountant|developer|designer|teacher|nurse|representative|clerk|coordinator|staff|अधिकारी|सहायक|शिक्षक|अभियंता")),
    ];

    private static readonly (JobFunction Function, string[] Words)[] Functions =
    [
        (JobFunction.HumanResources, Split("hr|human resources|human resource|chro|people|talent|recruitment|recruiter|payroll|मानव संसाधन")),
        (JobFunction.Finance, Split("finance|financial|cfo|accounts|accounting|accountant|treasury|audit|auditor|tax|controller|वित्त|लेखा")),
        (JobFunction.Procurement, Split("procurement|purchase|purchasing|sourcing|cpo|खरीद|क्रय")),
        (JobFunction.Marketing, Split("marketing|cmo|brand|growth|communications|content|seo|विपणन")),
        (JobFunction.Sales, Split("sales|business development|account executive|cro|revenue|inside sales|बिक्री")),
        (JobFunction.InformationTechnology, Split("it|information technology|cio|ciso|infrastructure|systems|network|security|erp|सूचना प्रौद्योगिकी")),
        (JobFunction.Engineering, Split("engineering|engineer|cto|developer|software|technology|r d|research|architect|अभियंता")),
        (JobFunction.Product, Split("product")),
        (JobFunction.CustomerService, Split("customer|support|service|success|ग्राहक सेवा")),
        (JobFunction.Legal, Split("legal|counsel|compliance|company secretary|lawyer|advocate|विधि")),
        (JobFunction.Health, Split("medical|clinical|nurse|nursing|hospital|doctor|physician|चिकित्सा")),
        (JobFunction.Education, Split("teacher|professor|principal|dean|academic|school|faculty|शिक्षक|प्रधानाचार्य")),
        (JobFunction.Operations, Split("operations|coo|plant|factory|production|supply chain|logistics|warehouse|quality|maintenance|facility|facilities|admin|administration|संचालन|उत्पादन")),
        (JobFunction.GeneralManagement, Split("ceo|founder|owner|managing director|md|president|general manager|chairman|proprietor|director|partner|संस्थापक|मालिक|निदेशक")),
    ];

    public static SeniorityLevel? LevelOf(string title) => First(title, Levels);

    public static JobFunction? FunctionOf(string title) => First(title, Functions);

    /// <summary>The first of the list that the title has a word or a run of words of.</summary>
    private static T? First<T>(string title, (T Value, string[] Words)[] list)
        where T : struct
    {
        var text = $" {string.Join(' ', Tokenizer.Words(title))} ";
        foreach (var (value, words) in list)
        {
            if (words.Any(w => text.Contains(w, StringComparison.Ordinal)))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>With a space on either side, so that a word is found whole.</summary>
    private static string[] Split(string words) => [.. words.Split('|').Select(w => $" {string.Join(' ', Tokenizer.Words(w))} ")];
}
