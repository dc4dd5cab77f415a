using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class LeadStandings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "snapshot",
                schema: "aix",
                table: "lead_scores",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "feature_snapshots",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    run_id = table.Column<long>(type: "bigint", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    features = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_feature_snapshots", x => new { x.tenant_id, x.run_id });
                });

            migrationBuilder.CreateTable(
                name: "lead_standings",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    band = table.Column<short>(type: "smallint", nullable: true),
                    score = table.Column<double>(type: "double precision", nullable: true),
                    score_low = table.Column<double>(type: "double precision", nullable: true),
                    score_high = table.Column<double>(type: "double precision", nullable: true),
                    score_order = table.Column<double>(type: "double precision", nullable: false, computedColumnSql: "coalesce(score, -1)", stored: true),
                    uncertain = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false),
                    top_reason = table.Column<string>(type: "text", nullable: true),
                    model_version = table.Column<int>(type: "integer", nullable: true),
                    icp_version = table.Column<int>(type: "integer", nullable: true),
                    snapshot = table.Column<long>(type: "bigint", nullable: true),
                    scored_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_standings", x => new { x.tenant_id, x.lead_id });
                });

            migrationBuilder.Sql("""
                INSERT INTO aix.lead_standings (tenant_id, lead_id, band, score, score_low, score_high, uncertain, top_reason, model_version, icp_version, snapshot, scored_at)
                SELECT l.tenant_id, l.id, l.band, l.score, l.score_low, l.score_high, l.uncertain, l.top_reason, l.model_version, l.icp_version, s.run_id, s.at
                FROM aix.leads l
                LEFT JOIN LATERAL (SELECT run_id, at FROM aix.lead_scores s WHERE s.tenant_id = l.tenant_id AND s.lead_id = l.id ORDER BY at DESC, run_id DESC LIMIT 1) s ON true;
                INSERT INTO aix.feature_snapshots (tenant_id, run_id, lead_id, at, features)
                SELECT tenant_id, run_id, lead_id, at, convert_to(features::text, 'UTF8') FROM aix.lead_scores;
                UPDATE aix.lead_scores SET snapshot = run_id;
                DROP TRIGGER delete_contacts ON aix.leads;
                DROP FUNCTION aix.delete_contacts_of_deleted_leads();
                CREATE FUNCTION aix.delete_what_hangs_on_leads() RETURNS trigger LANGUAGE plpgsql SET search_path = aix, pg_temp AS $body$
                BEGIN
                    -- The standing first: who writes scores holds its lock.
                    DELETE FROM aix.lead_standings c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.lead_scores c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.feature_snapshots c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.contact_points c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    RETURN NULL;
                END $body$;
                CREATE TRIGGER delete_what_hangs_on_it AFTER DELETE ON aix.leads REFERENCING OLD TABLE AS gone
                    FOR EACH STATEMENT EXECUTE FUNCTION aix.delete_what_hangs_on_leads();
                """);

            migrationBuilder.DropForeignKey(
                name: "fk_lead_scores_leads_tenant_id_lead_id",
                schema: "aix",
                table: "lead_scores");

            migrationBuilder.DropIndex(
                name: "ix_leads_tenant_id_band_score_order_id",
                schema: "aix",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_leads_tenant_id_score_order_id",
                schema: "aix",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_leads_uncertain",
                schema: "aix",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "score_order",
                schema: "aix",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "band",
                schema: "aix",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "icp_version",
                schema: "aix",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "model_version",
                schema: "aix",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "score",
                schema: "aix",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "score_high",
                schema: "aix",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "score_low",
                schema: "aix",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "top_reason",
                schema: "aix",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "uncertain",
                schema: "aix",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "features",
                schema: "aix",
                table: "lead_scores");

            migrationBuilder.CreateIndex(
                name: "ix_feature_snapshots_tenant_id_lead_id_at",
                schema: "aix",
                table: "feature_snapshots",
                columns: new[] { "tenant_id", "lead_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_standings_tenant_id_band_score_order_lead_id",
                schema: "aix",
                table: "lead_standings",
                columns: new[] { "tenant_id", "band", "score_order", "lead_id" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_standings_tenant_id_score_order_lead_id",
                schema: "aix",
                table: "lead_standings",
                columns: new[] { "tenant_id", "score_order", "lead_id" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_standings_uncertain",
                schema: "aix",
                table: "lead_standings",
                columns: new[] { "tenant_id", "score_order", "lead_id" },
                filter: "uncertain");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // Snapshots in bytes do not become JSON again: ledgers come back with the next scoring.
            migrationBuilder.DropColumn(
                name: "snapshot",
                schema: "aix",
                table: "lead_scores");

            migrationBuilder.AddColumn<short>(
                name: "band",
                schema: "aix",
                table: "leads",
                type: "smallint",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "icp_version",
                schema: "aix",
                table: "leads",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "model_version",
                schema: "aix",
                table: "leads",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "score",
                schema: "aix",
                table: "leads",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "score_high",
                schema: "aix",
                table: "leads",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "score_low",
                schema: "aix",
                table: "leads",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "top_reason",
                schema: "aix",
                table: "leads",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "uncertain",
                schema: "aix",
                table: "leads",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "features",
                schema: "aix",
                table: "lead_scores",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'[]'");

            migrationBuilder.AddColumn<double>(
                name: "score_order",
                schema: "aix",
                table: "leads",
                type: "double precision",
                nullable: false,
                computedColumnSql: "coalesce(score, -1)",
                stored: true);

            migrationBuilder.Sql("""
                UPDATE aix.leads l SET band = st.band, score = st.score, score_low = st.score_low, score_high = st.score_high, uncertain = st.uncertain, top_reason = st.top_reason,
                       model_version = st.model_version, icp_version = st.icp_version
                FROM aix.lead_standings st WHERE st.tenant_id = l.tenant_id AND st.lead_id = l.id;
                DROP TRIGGER delete_what_hangs_on_it ON aix.leads;
                DROP FUNCTION aix.delete_what_hangs_on_leads();
                CREATE FUNCTION aix.delete_contacts_of_deleted_leads() RETURNS trigger LANGUAGE plpgsql SET search_path = aix, pg_temp AS $body$
                BEGIN
                    DELETE FROM aix.contact_points c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    RETURN NULL;
                END $body$;
                CREATE TRIGGER delete_contacts AFTER DELETE ON aix.leads REFERENCING OLD TABLE AS gone
                    FOR EACH STATEMENT EXECUTE FUNCTION aix.delete_contacts_of_deleted_leads();
                """);

            migrationBuilder.DropTable(
                name: "feature_snapshots",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "lead_standings",
                schema: "aix");

            migrationBuilder.CreateIndex(
                name: "ix_leads_tenant_id_band_score_order_id",
                schema: "aix",
                table: "leads",
                columns: new[] { "tenant_id", "band", "score_order", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_leads_tenant_id_score_order_id",
                schema: "aix",
                table: "leads",
                columns: new[] { "tenant_id", "score_order", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_leads_uncertain",
                schema: "aix",
                table: "leads",
                columns: new[] { "tenant_id", "score_order", "id" },
                filter: "uncertain");

            migrationBuilder.AddForeignKey(
                name: "fk_lead_scores_leads_tenant_id_lead_id",
                schema: "aix",
                table: "lead_scores",
                columns: new[] { "tenant_id", "lead_id" },
                principalSchema: "aix",
                principalTable: "leads",
                principalColumns: new[] { "tenant_id", "id" },
                onDelete: ReferentialAction.Cascade);
        }
    }
}
