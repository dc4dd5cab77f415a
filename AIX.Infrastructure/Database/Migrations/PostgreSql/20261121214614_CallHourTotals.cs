using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class CallHourTotals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "call_hour_totals",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    hour = table.Column<short>(type: "smallint", nullable: false),
                    campaign_id = table.Column<Guid>(type: "uuid", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    variant = table.Column<string>(type: "text", nullable: false),
                    placed = table.Column<int>(type: "integer", nullable: false),
                    answered = table.Column<int>(type: "integer", nullable: false),
                    won = table.Column<int>(type: "integer", nullable: false),
                    callbacks = table.Column<int>(type: "integer", nullable: false),
                    opt_outs = table.Column<int>(type: "integer", nullable: false),
                    abandoned = table.Column<int>(type: "integer", nullable: false),
                    talk_seconds = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_call_hour_totals", x => new { x.tenant_id, x.day, x.hour, x.campaign_id, x.language, x.variant });
                });

            migrationBuilder.CreateIndex(
                name: "ix_call_hours_tenant_id_agent_id_day",
                schema: "aix",
                table: "call_hours",
                columns: new[] { "tenant_id", "agent_id", "day" });

            migrationBuilder.CreateIndex(
                name: "ix_call_hours_tenant_id_region_day",
                schema: "aix",
                table: "call_hours",
                columns: new[] { "tenant_id", "region", "day" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "call_hour_totals",
                schema: "aix");

            migrationBuilder.DropIndex(
                name: "ix_call_hours_tenant_id_agent_id_day",
                schema: "aix",
                table: "call_hours");

            migrationBuilder.DropIndex(
                name: "ix_call_hours_tenant_id_region_day",
                schema: "aix",
                table: "call_hours");
        }
    }
}
