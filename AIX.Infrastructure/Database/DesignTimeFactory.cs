using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace AIX.Infrastructure.Database;

/// <summary>For <c>dotnet ef migrations add</c>, which needs the model and no database.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<AixDbContext>
{
    public AixDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<AixDbContext>()
        .UseNpgsql("Host=localhost", npgsql => npgsql.MigrationsHistoryTable("__ef_migrations_history", AixDbContext.Schema))
        .Options);
}
