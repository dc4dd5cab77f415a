using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class DueMembers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_campaign_members_tenant_id_campaign_id_is_callback_priority",
                schema: "aix",
                table: "campaign_members");

            migrationBuilder.DropIndex(
                name: "ix_campaign_members_tenant_id_campaign_id_next_at",
                schema: "aix",
                table: "campaign_members");

            migrationBuilder.AddColumn<bool>(
                name: "is_due",
                schema: "aix",
                table: "campaign_members",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_tenant_id_campaign_id_lease_until",
                schema: "aix",
                table: "campaign_members",
                columns: new[] { "tenant_id", "campaign_id", "lease_until" },
                filter: "lease_until IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_tenant_id_campaign_id_next_at",
                schema: "aix",
                table: "campaign_members",
                columns: new[] { "tenant_id", "campaign_id", "next_at" },
                filter: "state = 1 AND NOT is_due");

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_tenant_id_campaign_id_prefix_is_callback_p~",
                schema: "aix",
                table: "campaign_members",
                columns: new[] { "tenant_id", "campaign_id", "prefix", "is_callback", "priority" },
                descending: new[] { false, false, false, true, true },
                filter: "state = 1 AND is_due");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_campaign_members_tenant_id_campaign_id_lease_until",
                schema: "aix",
                table: "campaign_members");

            migrationBuilder.DropIndex(
                name: "ix_campaign_members_tenant_id_campaign_id_next_at",
                schema: "aix",
                table: "campaign_members");

            migrationBuilder.DropIndex(
                name: "ix_campaign_members_tenant_id_campaign_id_prefix_is_callback_p~",
                schema: "aix",
                table: "campaign_members");

            migrationBuilder.DropColumn(
                name: "is_due",
                schema: "aix",
                table: "campaign_members");

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_tenant_id_campaign_id_is_callback_priority",
                schema: "aix",
                table: "campaign_members",
                columns: new[] { "tenant_id", "campaign_id", "is_callback", "priority" },
                descending: new[] { false, false, true, true },
                filter: "state = 1");

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_tenant_id_campaign_id_next_at",
                schema: "aix",
                table: "campaign_members",
                columns: new[] { "tenant_id", "campaign_id", "next_at" },
                filter: "state = 1");
        }
    }
}
