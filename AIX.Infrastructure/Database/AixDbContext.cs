using System.Reflection;
using AIX.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AIX.Infrastructure.Database;

/// <summary>The one context. Works for one tenant: rows of others pass neither the query filter nor row-level security.</summary>
public sealed class AixDbContext(DbContextOptions<AixDbContext> options, TenantId tenant = default) : DbContext(options)
{
    public const string Schema = "aix";

    public const string TenantFilter = "tenant";

    public TenantId Tenant { get; } = tenant;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<TenantId>().HaveConversion<TenantIdConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<short>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(AixDbContext).Assembly);
        SnakeCase.Apply(modelBuilder);
        var filter = typeof(AixDbContext).GetMethod(nameof(AddFilter), BindingFlags.Instance | BindingFlags.NonPublic)!;
        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(e => e.ClrType.IsAssignableTo(typeof(ITenantOwned))).ToList())
        {
            filter.MakeGenericMethod(entity.ClrType).Invoke(this, [modelBuilder]);
        }
    }

    private void AddFilter<T>(ModelBuilder model)
        where T : class, ITenantOwned =>
        model.Entity<T>().HasQueryFilter(TenantFilter, e => e.TenantId == Tenant);

    private sealed class TenantIdConverter() : ValueConverter<TenantId, Guid>(id => id.Value, value => new TenantId(value));
}
