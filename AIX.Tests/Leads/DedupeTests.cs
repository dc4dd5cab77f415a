using System.Text;
using AIX.Core.Leads;
using AIX.Core.Leads.Intake;
using AIX.Core.Tenancy;
using Shouldly;
using Xunit;

namespace AIX.Tests.Leads;

public class DedupeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);
    private static readonly Tenant Tenant = new(new TenantId(Guid.Empty), "t", "t", new byte[32], default);

    [Fact]
    public void Resolve_SameEmailInAnotherSpelling_IsOneLead() =>
        Resolve(Draft(email: "Asha@Firm.test", name: "Asha"), Draft(email: "asha@firm.test", phone: "9825012345")).Added.ShouldHaveSingleItem().Contacts.Count.ShouldBe(2);

    [Fact]
    public void Resolve_SamePhone_IsOneLeadWithBothEmails() =>
        Resolve(Draft(email: "a@firm.test", phone: "9825012345"), Draft(email: "b@firm.test", phone: "+91 98250 12345")).Added.ShouldHaveSingleItem().Contacts.Count.ShouldBe(3);

    [Fact]
    public void Resolve_NameAndHost_MergesOnlyWithoutADifferingContact()
    {
        // No contact differs: the website's host stands for the company.
        Resolve(Draft(name: "Asha Rao", email: "a@firm.test"), Draft(name: "asha rao", website: "www.firm.test", externalId: "7")).Added.Count.ShouldBe(1);

        // Both have an e-mail, and they differ.
        Resolve(Draft(name: "Asha Rao", email: "a@firm.test"), Draft(name: "Asha Rao", email: "b@firm.test")).Added.Count.ShouldBe(2);
    }

    [Fact]
    public void Resolve_NameAndFreeMailHost_NeverMerges() =>
        Resolve(Draft(name: "Asha Rao", email: "a@gmail.com"), Draft(name: "Asha Rao", website: "gmail.com", externalId: "7")).Added.Count.ShouldBe(2);

    [Fact]
    public void Resolve_SubdomainOfTheHost_IsAnotherCompany() =>
        Resolve(Draft(name: "Asha Rao", email: "a@mail.firm.test"), Draft(name: "Asha Rao", website: "firm.test", externalId: "7")).Added.Count.ShouldBe(2);

    [Fact]
    public void Resolve_BadEmailAndBadPhoneWithoutId_IsRejectedWithBothReasons()
    {
        var error = Resolve(Draft(email: "nope", phone: "12")).Items[0].Errors.ShouldHaveSingleItem();

        error.Message.ShouldContain("nope");
        error.Message.ShouldContain("12");
    }

    [Fact]
    public void Resolve_OneBadContact_IsKeptAndFlagged()
    {
        var resolution = Resolve(Draft(email: "nope", phone: "9825012345"));

        resolution.Items[0].Status.ShouldBe(IntakeStatus.Accepted);
        resolution.Items[0].Errors.ShouldHaveSingleItem().Field.ShouldBe("email");
        resolution.Added[0].Contacts.Single(c => c.Kind == ContactKind.Email).Flag.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(CollisionRule.FillIfBlank, "Nashik", "CEO")]
    [InlineData(CollisionRule.Overwrite, "Pune", "CEO")]
    [InlineData(CollisionRule.Keep, "Nashik", null)]
    public void Merge_FollowsTheRuleOfTheColumn(CollisionRule rule, string city, string? title)
    {
        var rules = new CollisionRules(new Dictionary<string, CollisionRule> { ["city"] = rule, ["title"] = rule });
        var known = Known(Draft(email: "a@firm.test", city: "Nashik"));

        var merged = IntakeResolver.Resolve([Draft(email: "a@firm.test", city: "Pune", title: "CEO")], [known], rules, Guid.CreateVersion7(), Now);

        (known.City, known.Title).ShouldBe((city, title));
        merged.Changed.Count.ShouldBe(rule == CollisionRule.Keep ? 0 : 1);
        merged.Items[0].Status.ShouldBe(IntakeStatus.Duplicate);
    }

    /// <summary>Prevents: importing the same file again changes leads and scores them all again.</summary>
    [Fact]
    public void Merge_TheSameAgain_ChangesNothing()
    {
        var draft = Draft(email: "a@firm.test", phone: "9825012345", city: "Pune", attributes: """{"x":1,"y":"z"}""");
        var known = Known(draft);

        IntakeResolver.Resolve([draft], [known], CollisionRules.Default, null, Now).Changed.ShouldBeEmpty();
    }

    [Fact]
    public void Merge_Overwrite_KeepsTheOldValueAsSuperseded()
    {
        var known = Known(Draft(email: "a@firm.test", attributes: """{"x":1}"""));
        var rules = new CollisionRules(new Dictionary<string, CollisionRule> { ["x"] = CollisionRule.Overwrite });

        IntakeResolver.Resolve([Draft(email: "a@firm.test", attributes: """{"x":2}""")], [known], rules, Guid.CreateVersion7(), Now);

        known.Superseded.ShouldNotBeNull().ShouldHaveSingleItem().ShouldBe(new SupersededValue("x", "1", null));
        Encoding.UTF8.GetString(known.Attributes!).ShouldBe("""{"x":2}""");
    }

    /// <summary>Prevents: two leads share one phone, and the unique index ends the import.</summary>
    [Fact]
    public void Merge_PhoneOfAnotherLead_IsLeftOut()
    {
        var a = Known(Draft(email: "a@firm.test"));
        var b = Known(Draft(email: "b@firm.test", phone: "9825012345"));

        IntakeResolver.Resolve([Draft(email: "a@firm.test", phone: "9825012345")], [a, b], CollisionRules.Default, null, Now);

        a.HasPhone.ShouldBeFalse();
    }

    private static IntakeResolution Resolve(params LeadDraft[] drafts) => IntakeResolver.Resolve(drafts, [], CollisionRules.Default, null, Now);

    private static LeadImage Known(LeadDraft draft)
    {
        var image = LeadMerger.Create(draft, Guid.CreateVersion7(), default);
        return new LeadImage { Id = image.Id, IsNew = false, Name = image.Name, City = image.City, Title = image.Title, Domain = image.Domain, Attributes = image.Attributes, CreatedAt = default, NameHostKey = image.NameHostKey, Contacts = image.Contacts };
    }

    private static LeadDraft Draft(string? name = null, string? email = null, string? phone = null, string? website = null, string? externalId = null, string? city = null, string? title = null, string? attributes = null)
    {
        using var builder = new DraftBuilder(Tenant, false);
        builder.Begin(0);
        builder.Set(LeadField.Name, name);
        builder.Set(LeadField.Email, email);
        builder.Set(LeadField.Phone, phone);
        builder.Set(LeadField.Website, website);
        builder.Set(LeadField.ExternalId, externalId);
        builder.Set(LeadField.City, city);
        builder.Set(LeadField.Title, title);
        var draft = builder.End(out _);
        draft.Attributes = attributes is null ? null : Encoding.UTF8.GetBytes(attributes);
        return draft;
    }
}
