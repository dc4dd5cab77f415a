using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class CompaniesAndSources : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "companies",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_companies", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "kept_answers",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    values = table.Column<string>(type: "jsonb", nullable: false),
                    fetched_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_kept_answers", x => new { x.tenant_id, x.source, x.key });
                });

            migrationBuilder.CreateTable(
                name: "public_answers",
                schema: "aix",
                columns: table => new
                {
                    source = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    values = table.Column<string>(type: "jsonb", nullable: false),
                    fetched_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_public_answers", x => new { x.source, x.key });
                });

            migrationBuilder.CreateTable(
                name: "source_calls",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    company_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    answer = table.Column<short>(type: "smallint", nullable: false),
                    cost = table.Column<decimal>(type: "numeric(12,4)", precision: 12, scale: 4, nullable: false),
                    milliseconds = table.Column<int>(type: "integer", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_source_calls", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "source_paces",
                schema: "aix",
                columns: table => new
                {
                    scope = table.Column<string>(type: "text", nullable: false),
                    next_slot = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_source_paces", x => x.scope);
                });

            migrationBuilder.CreateTable(
                name: "source_settings",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    protected_key = table.Column<string>(type: "text", nullable: true),
                    price = table.Column<decimal>(type: "numeric(12,4)", precision: 12, scale: 4, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_source_settings", x => new { x.tenant_id, x.source });
                });

            migrationBuilder.CreateTable(
                name: "source_spends",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    spent = table.Column<decimal>(type: "numeric(14,4)", precision: 14, scale: 4, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_source_spends", x => new { x.tenant_id, x.day });
                });

            migrationBuilder.CreateTable(
                name: "company_facts",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    company_id = table.Column<Guid>(type: "uuid", nullable: false),
                    attribute = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    url = table.Column<string>(type: "text", nullable: true),
                    observed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reliability = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_company_facts", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_company_facts_companies_tenant_id_company_id",
                        columns: x => new { x.tenant_id, x.company_id },
                        principalSchema: "aix",
                        principalTable: "companies",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "company_keys",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<short>(type: "smallint", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false),
                    company_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_company_keys", x => new { x.tenant_id, x.kind, x.value, x.company_id });
                    table.ForeignKey(
                        name: "fk_company_keys_companies_tenant_id_company_id",
                        columns: x => new { x.tenant_id, x.company_id },
                        principalSchema: "aix",
                        principalTable: "companies",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "enrichment_plans",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    company_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    steps = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_enrichment_plans", x => new { x.tenant_id, x.company_id });
                    table.ForeignKey(
                        name: "fk_enrichment_plans_companies_tenant_id_company_id",
                        columns: x => new { x.tenant_id, x.company_id },
                        principalSchema: "aix",
                        principalTable: "companies",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "lead_companies",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    company_id = table.Column<Guid>(type: "uuid", nullable: false),
                    confidence = table.Column<double>(type: "double precision", nullable: false),
                    evidence = table.Column<string>(type: "text", nullable: false),
                    rejected = table.Column<string>(type: "jsonb", nullable: false),
                    resolved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_companies", x => new { x.tenant_id, x.lead_id });
                    table.ForeignKey(
                        name: "fk_lead_companies_companies_tenant_id_company_id",
                        columns: x => new { x.tenant_id, x.company_id },
                        principalSchema: "aix",
                        principalTable: "companies",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_lead_companies_leads_tenant_id_lead_id",
                        columns: x => new { x.tenant_id, x.lead_id },
                        principalSchema: "aix",
                        principalTable: "leads",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_company_facts_tenant_id_company_id_attribute_source",
                schema: "aix",
                table: "company_facts",
                columns: new[] { "tenant_id", "company_id", "attribute", "source" });

            migrationBuilder.CreateIndex(
                name: "ix_company_keys_tenant_id_company_id",
                schema: "aix",
                table: "company_keys",
                columns: new[] { "tenant_id", "company_id" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_companies_tenant_id_company_id",
                schema: "aix",
                table: "lead_companies",
                columns: new[] { "tenant_id", "company_id" });

            migrationBuilder.CreateIndex(
                name: "ix_source_calls_tenant_id_at_source",
                schema: "aix",
                table: "source_calls",
                columns: new[] { "tenant_id", "at", "source" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "company_facts",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "company_keys",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "enrichment_plans",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "kept_answers",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "lead_companies",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "public_answers",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "source_calls",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "source_paces",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "source_settings",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "source_spends",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "companies",
                schema: "aix");
        }
    }
}
