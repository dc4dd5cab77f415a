using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class HangsOnLeads : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_company_keys_companies_tenant_id_company_id",
                schema: "aix",
                table: "company_keys");

            migrationBuilder.DropForeignKey(
                name: "fk_lead_companies_companies_tenant_id_company_id",
                schema: "aix",
                table: "lead_companies");

            migrationBuilder.DropForeignKey(
                name: "fk_lead_companies_leads_tenant_id_lead_id",
                schema: "aix",
                table: "lead_companies");

            migrationBuilder.DropForeignKey(
                name: "fk_lead_vectors_leads_tenant_id_lead_id",
                schema: "aix",
                table: "lead_vectors");

            migrationBuilder.Sql("""
                CREATE OR REPLACE FUNCTION aix.delete_what_hangs_on_leads() RETURNS trigger LANGUAGE plpgsql SET search_path = aix, pg_temp AS $body$
                BEGIN
                    -- The standing first: who writes scores holds its lock.
                    DELETE FROM aix.lead_standings c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.lead_scores c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.feature_snapshots c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.contact_points c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.lead_companies c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.lead_vectors c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    RETURN NULL;
                END $body$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                CREATE OR REPLACE FUNCTION aix.delete_what_hangs_on_leads() RETURNS trigger LANGUAGE plpgsql SET search_path = aix, pg_temp AS $body$
                BEGIN
                    -- The standing first: who writes scores holds its lock.
                    DELETE FROM aix.lead_standings c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.lead_scores c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.feature_snapshots c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.contact_points c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    RETURN NULL;
                END $body$;
                """);

            migrationBuilder.AddForeignKey(
                name: "fk_company_keys_companies_tenant_id_company_id",
                schema: "aix",
                table: "company_keys",
                columns: new[] { "tenant_id", "company_id" },
                principalSchema: "aix",
                principalTable: "companies",
                principalColumns: new[] { "tenant_id", "id" },
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "fk_lead_companies_companies_tenant_id_company_id",
                schema: "aix",
                table: "lead_companies",
                columns: new[] { "tenant_id", "company_id" },
                principalSchema: "aix",
                principalTable: "companies",
                principalColumns: new[] { "tenant_id", "id" },
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "fk_lead_companies_leads_tenant_id_lead_id",
                schema: "aix",
                table: "lead_companies",
                columns: new[] { "tenant_id", "lead_id" },
                principalSchema: "aix",
                principalTable: "leads",
                principalColumns: new[] { "tenant_id", "id" },
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "fk_lead_vectors_leads_tenant_id_lead_id",
                schema: "aix",
                table: "lead_vectors",
                columns: new[] { "tenant_id", "lead_id" },
                principalSchema: "aix",
                principalTable: "leads",
                principalColumns: new[] { "tenant_id", "id" },
                onDelete: ReferentialAction.Cascade);
        }
    }
}
