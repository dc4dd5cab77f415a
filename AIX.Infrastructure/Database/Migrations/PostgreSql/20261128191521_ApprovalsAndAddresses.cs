using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class ApprovalsAndAddresses : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "approved_leads",
                schema: "aix",
                table: "campaigns",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "from_address",
                schema: "aix",
                table: "audit_entries",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_outreach_messages_tenant_id_address",
                schema: "aix",
                table: "outreach_messages",
                columns: new[] { "tenant_id", "address" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_tasks_tenant_id_due_at",
                schema: "aix",
                table: "lead_tasks",
                columns: new[] { "tenant_id", "due_at" },
                filter: "kind = 3");

            // What was approved before its size was kept: what is named by now, or whatever is still being named.
            migrationBuilder.Sql("UPDATE aix.campaigns c SET approved_leads = CASE WHEN audience_after IS NOT NULL THEN 1000000 ELSE (SELECT count(*) FROM aix.campaign_members m WHERE m.tenant_id = c.tenant_id AND m.campaign_id = c.id) END WHERE approved_by IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_outreach_messages_tenant_id_address",
                schema: "aix",
                table: "outreach_messages");

            migrationBuilder.DropIndex(
                name: "ix_lead_tasks_tenant_id_due_at",
                schema: "aix",
                table: "lead_tasks");

            migrationBuilder.DropColumn(
                name: "approved_leads",
                schema: "aix",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "from_address",
                schema: "aix",
                table: "audit_entries");
        }
    }
}
