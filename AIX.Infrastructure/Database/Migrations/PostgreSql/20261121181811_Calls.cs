using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Calls : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "calls",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: true),
                    to_number = table.Column<string>(type: "text", nullable: false),
                    from_number = table.Column<string>(type: "text", nullable: false),
                    route = table.Column<string>(type: "text", nullable: false),
                    flow_key = table.Column<string>(type: "text", nullable: false),
                    flow_version = table.Column<int>(type: "integer", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    transport = table.Column<short>(type: "smallint", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    provider_sid = table.Column<string>(type: "text", nullable: true),
                    answered_by = table.Column<string>(type: "text", nullable: true),
                    disposition = table.Column<short>(type: "smallint", nullable: true),
                    gate = table.Column<string>(type: "jsonb", nullable: false),
                    conversation = table.Column<string>(type: "jsonb", nullable: true),
                    facts = table.Column<string>(type: "jsonb", nullable: false),
                    recording_refused = table.Column<bool>(type: "boolean", nullable: false),
                    duration_seconds = table.Column<int>(type: "integer", nullable: true),
                    error_code = table.Column<int>(type: "integer", nullable: true),
                    error_text = table.Column<string>(type: "text", nullable: true),
                    summary = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ringing_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    wrapped_up = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_calls", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "flow_versions",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_flow_versions", x => new { x.tenant_id, x.key, x.version });
                });

            migrationBuilder.CreateTable(
                name: "knowledge_articles",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    answer = table.Column<string>(type: "text", nullable: false),
                    keys = table.Column<string>(type: "text", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_knowledge_articles", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "suppressions",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    call_id = table.Column<Guid>(type: "uuid", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_suppressions", x => new { x.tenant_id, x.number });
                });

            migrationBuilder.CreateTable(
                name: "call_events",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    call_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_call_events", x => new { x.tenant_id, x.call_id, x.key });
                    table.ForeignKey(
                        name: "fk_call_events_calls_tenant_id_call_id",
                        columns: x => new { x.tenant_id, x.call_id },
                        principalSchema: "aix",
                        principalTable: "calls",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "call_recordings",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    call_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sid = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    duration_seconds = table.Column<int>(type: "integer", nullable: true),
                    sha256 = table.Column<string>(type: "text", nullable: true),
                    blob_key = table.Column<string>(type: "text", nullable: true),
                    deleted_at_provider = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_call_recordings", x => new { x.tenant_id, x.call_id });
                    table.ForeignKey(
                        name: "fk_call_recordings_calls_tenant_id_call_id",
                        columns: x => new { x.tenant_id, x.call_id },
                        principalSchema: "aix",
                        principalTable: "calls",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "call_turns",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    call_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence = table.Column<int>(type: "integer", nullable: false),
                    from_callee = table.Column<bool>(type: "boolean", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    intent = table.Column<string>(type: "text", nullable: true),
                    confidence = table.Column<double>(type: "double precision", nullable: true),
                    sentiment = table.Column<double>(type: "double precision", nullable: true),
                    node = table.Column<string>(type: "text", nullable: true),
                    article_id = table.Column<Guid>(type: "uuid", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    decision_ms = table.Column<double>(type: "double precision", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_call_turns", x => new { x.tenant_id, x.call_id, x.sequence });
                    table.ForeignKey(
                        name: "fk_call_turns_calls_tenant_id_call_id",
                        columns: x => new { x.tenant_id, x.call_id },
                        principalSchema: "aix",
                        principalTable: "calls",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_calls_id",
                schema: "aix",
                table: "calls",
                column: "id");

            migrationBuilder.CreateIndex(
                name: "ix_calls_seen_at",
                schema: "aix",
                table: "calls",
                column: "seen_at",
                filter: "NOT wrapped_up");

            migrationBuilder.CreateIndex(
                name: "ix_calls_tenant_id_created_at",
                schema: "aix",
                table: "calls",
                columns: new[] { "tenant_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_calls_tenant_id_lead_id_created_at",
                schema: "aix",
                table: "calls",
                columns: new[] { "tenant_id", "lead_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_calls_tenant_id_provider_sid",
                schema: "aix",
                table: "calls",
                columns: new[] { "tenant_id", "provider_sid" },
                unique: true,
                filter: "provider_sid IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_calls_tenant_id_to_number_created_at",
                schema: "aix",
                table: "calls",
                columns: new[] { "tenant_id", "to_number", "created_at" });
            migrationBuilder.Sql("""
                CREATE OR REPLACE FUNCTION aix.delete_what_hangs_on_leads() RETURNS trigger LANGUAGE plpgsql SET search_path = aix, pg_temp AS $body$
                DECLARE
                    hanging text;
                BEGIN
                    -- The standing first: who writes scores holds its lock.
                    FOREACH hanging IN ARRAY ARRAY['lead_standings', 'lead_scores', 'feature_snapshots', 'contact_points', 'lead_companies', 'lead_vectors', 'lead_notes', 'lead_tasks', 'lead_tags', 'score_overrides',
                                                   'lead_transitions', 'bulk_changes', 'review_items', 'review_decisions', 'review_drafts', 'notifications', 'calls'] LOOP
                        EXECUTE format('DELETE FROM aix.%I c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id', hanging);
                    END LOOP;
                    RETURN NULL;
                END $body$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                CREATE OR REPLACE FUNCTION aix.delete_what_hangs_on_leads() RETURNS trigger LANGUAGE plpgsql SET search_path = aix, pg_temp AS $body$
                DECLARE
                    hanging text;
                BEGIN
                    -- The standing first: who writes scores holds its lock.
                    FOREACH hanging IN ARRAY ARRAY['lead_standings', 'lead_scores', 'feature_snapshots', 'contact_points', 'lead_companies', 'lead_vectors', 'lead_notes', 'lead_tasks', 'lead_tags', 'score_overrides',
                                                   'lead_transitions', 'bulk_changes', 'review_items', 'review_decisions', 'review_drafts', 'notifications'] LOOP
                        EXECUTE format('DELETE FROM aix.%I c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id', hanging);
                    END LOOP;
                    RETURN NULL;
                END $body$;
                """);

            migrationBuilder.DropTable(
                name: "call_events",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "call_recordings",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "call_turns",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "flow_versions",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "knowledge_articles",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "suppressions",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "calls",
                schema: "aix");
        }
    }
}
