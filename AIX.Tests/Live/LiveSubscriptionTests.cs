using System.Globalization;
using AIX.Core.Campaigns;
using AIX.Core.Shared;
using AIX.Core.Tenancy;
using AIX.Tests.Support;
using AIX.Web.Shell;
using Shouldly;
using Xunit;

namespace AIX.Tests.Live;

public class LiveSubscriptionTests
{
    /// <summary>Prevents: a page in Hindi turns to English with the first thing that happens.</summary>
    [Fact]
    public async Task Event_IsShownInThePagesLanguage()
    {
        var (feed, tenant, shown) = (new Feed(), new TenantId(Guid.CreateVersion7()), new TaskCompletionSource<string>());
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("hi");
        using var live = new LiveSubscription(new ManualTime(), TimeSpan.FromSeconds(1), _ =>
        {
            shown.SetResult(CultureInfo.CurrentUICulture.Name);
            return Task.CompletedTask;
        });
        live.Start(feed, tenant, _ => true);
        CultureInfo.CurrentUICulture = before;

        feed.Raise(new CampaignChanged(tenant, Guid.CreateVersion7()));

        (await shown.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe("hi");
    }

    private sealed class Feed : ILiveFeed
    {
        private Action<IDomainEvent>? _subscriber;

        public IDisposable Subscribe(TenantId? tenant, Action<IDomainEvent> handler)
        {
            _subscriber = handler;
            return new MemoryStream();
        }

        public long CountOf(TenantId tenant) => 0;

        public void Raise(IDomainEvent change) => _subscriber!(change);
    }
}
