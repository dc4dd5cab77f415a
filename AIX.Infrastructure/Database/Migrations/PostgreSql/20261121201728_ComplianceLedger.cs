using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class ComplianceLedger : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "attempt",
                schema: "aix",
                table: "calls",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "campaign_id",
                schema: "aix",
                table: "calls",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "variant",
                schema: "aix",
                table: "calls",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "complaints",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    call_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_complaints", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "compliance_batches",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    file_name = table.Column<string>(type: "text", nullable: false),
                    as_of = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    rows = table.Column<int>(type: "integer", nullable: false),
                    refused = table.Column<int>(type: "integer", nullable: false),
                    errors = table.Column<string>(type: "jsonb", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_compliance_batches", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "consent_events",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    channel = table.Column<short>(type: "smallint", nullable: false),
                    purpose = table.Column<short>(type: "smallint", nullable: false),
                    @explicit = table.Column<bool>(name: "explicit", type: "boolean", nullable: false),
                    category = table.Column<short>(type: "smallint", nullable: true),
                    given = table.Column<bool>(type: "boolean", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    evidence = table.Column<string>(type: "text", nullable: false),
                    batch_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_consent_events", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "dnd_preferences",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    scrubbed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    categories = table.Column<int>(type: "integer", nullable: false),
                    modes = table.Column<int>(type: "integer", nullable: false),
                    bands = table.Column<int>(type: "integer", nullable: false),
                    days = table.Column<int>(type: "integer", nullable: false),
                    batch_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_dnd_preferences", x => new { x.tenant_id, x.number });
                });

            migrationBuilder.CreateTable(
                name: "gate_records",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    stage = table.Column<short>(type: "smallint", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    campaign_id = table.Column<Guid>(type: "uuid", nullable: true),
                    call_id = table.Column<Guid>(type: "uuid", nullable: true),
                    allowed = table.Column<bool>(type: "boolean", nullable: false),
                    rules = table.Column<string[]>(type: "text[]", nullable: false),
                    pack = table.Column<string>(type: "text", nullable: false),
                    inputs = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_gate_records", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "rule_settings",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rule_settings", x => new { x.tenant_id, x.version });
                });

            migrationBuilder.CreateIndex(
                name: "ix_calls_tenant_id_campaign_id_lead_id_attempt",
                schema: "aix",
                table: "calls",
                columns: new[] { "tenant_id", "campaign_id", "lead_id", "attempt" },
                unique: true,
                filter: "campaign_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_complaints_tenant_id_number_at",
                schema: "aix",
                table: "complaints",
                columns: new[] { "tenant_id", "number", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_consent_events_tenant_id_address_channel_at",
                schema: "aix",
                table: "consent_events",
                columns: new[] { "tenant_id", "address", "channel", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_gate_records_tenant_id_address_at",
                schema: "aix",
                table: "gate_records",
                columns: new[] { "tenant_id", "address", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_gate_records_tenant_id_at",
                schema: "aix",
                table: "gate_records",
                columns: new[] { "tenant_id", "at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "complaints",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "compliance_batches",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "consent_events",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "dnd_preferences",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "gate_records",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "rule_settings",
                schema: "aix");

            migrationBuilder.DropIndex(
                name: "ix_calls_tenant_id_campaign_id_lead_id_attempt",
                schema: "aix",
                table: "calls");

            migrationBuilder.DropColumn(
                name: "attempt",
                schema: "aix",
                table: "calls");

            migrationBuilder.DropColumn(
                name: "campaign_id",
                schema: "aix",
                table: "calls");

            migrationBuilder.DropColumn(
                name: "variant",
                schema: "aix",
                table: "calls");
        }
    }
}
