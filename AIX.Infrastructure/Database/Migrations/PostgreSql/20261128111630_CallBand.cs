using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class CallBand : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_calls_seen_at",
                schema: "aix",
                table: "calls");

            migrationBuilder.DropIndex(
                name: "ix_calls_tenant_id_campaign_id",
                schema: "aix",
                table: "calls");

            migrationBuilder.AddColumn<short>(
                name: "band",
                schema: "aix",
                table: "calls",
                type: "smallint",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_calls_created_at",
                schema: "aix",
                table: "calls",
                column: "created_at",
                filter: "NOT wrapped_up");

            migrationBuilder.CreateIndex(
                name: "ix_calls_tenant_id_campaign_id",
                schema: "aix",
                table: "calls",
                columns: new[] { "tenant_id", "campaign_id" },
                filter: "NOT wrapped_up");

            // The nearest to the truth that is left of calls from before.
            migrationBuilder.Sql("UPDATE aix.calls c SET band = s.shown_band FROM aix.lead_standings s WHERE s.tenant_id = c.tenant_id AND s.lead_id = c.lead_id");

            // Room on the page for what follows the insert.
            migrationBuilder.Sql("ALTER TABLE aix.calls SET (fillfactor = 80); ALTER TABLE aix.campaign_members SET (fillfactor = 80)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_calls_created_at",
                schema: "aix",
                table: "calls");

            migrationBuilder.DropIndex(
                name: "ix_calls_tenant_id_campaign_id",
                schema: "aix",
                table: "calls");

            migrationBuilder.DropColumn(
                name: "band",
                schema: "aix",
                table: "calls");

            migrationBuilder.CreateIndex(
                name: "ix_calls_seen_at",
                schema: "aix",
                table: "calls",
                column: "seen_at",
                filter: "NOT wrapped_up");

            migrationBuilder.CreateIndex(
                name: "ix_calls_tenant_id_campaign_id",
                schema: "aix",
                table: "calls",
                columns: new[] { "tenant_id", "campaign_id" },
                filter: "state < 5");
        }
    }
}
