using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class PooledPriors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "pooled_priors",
                schema: "aix",
                columns: table => new
                {
                    feature = table.Column<string>(type: "text", nullable: false),
                    weight = table.Column<double>(type: "double precision", nullable: false),
                    sd = table.Column<double>(type: "double precision", nullable: false),
                    tenants = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pooled_priors", x => x.feature);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "pooled_priors",
                schema: "aix");
        }
    }
}
