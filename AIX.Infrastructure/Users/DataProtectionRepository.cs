using System.Xml.Linq;
using AIX.Infrastructure.Database;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace AIX.Infrastructure.Users;

/// <summary>Data protection keys in the database, so that every node reads every node's cookies.</summary>
public sealed class DataProtectionRepository(DataSources sources) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = sources.Context(default);
        return [.. db.Set<DataProtectionKey>().Select(k => k.Xml).AsEnumerable().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = sources.Context(default);
        db.Add(new DataProtectionKey { FriendlyName = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        db.SaveChanges();
    }
}
