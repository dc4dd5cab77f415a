using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class BandIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_lead_standings_tenant_id_band_score_order_lead_id",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.CreateIndex(
                name: "ix_lead_standings_tenant_id_band_score_order_lead_id",
                schema: "aix",
                table: "lead_standings",
                columns: new[] { "tenant_id", "band", "score_order", "lead_id" },
                filter: "band IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_lead_standings_tenant_id_band_score_order_lead_id",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.CreateIndex(
                name: "ix_lead_standings_tenant_id_band_score_order_lead_id",
                schema: "aix",
                table: "lead_standings",
                columns: new[] { "tenant_id", "band", "score_order", "lead_id" });
        }
    }
}
