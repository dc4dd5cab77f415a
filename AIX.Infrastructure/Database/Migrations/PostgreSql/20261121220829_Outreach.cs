using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Outreach : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "missed_at",
                schema: "aix",
                table: "lead_tasks",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "message_templates",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    channel = table.Column<short>(type: "smallint", nullable: false),
                    @class = table.Column<short>(name: "class", type: "smallint", nullable: false),
                    text = table.Column<string>(type: "jsonb", nullable: false),
                    dlt_template_id = table.Column<string>(type: "text", nullable: false),
                    dlt_header = table.Column<string>(type: "text", nullable: false),
                    after = table.Column<short[]>(type: "smallint[]", nullable: false),
                    delay_minutes = table.Column<int>(type: "integer", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_message_templates", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "outreach_messages",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    template_id = table.Column<Guid>(type: "uuid", nullable: true),
                    call_id = table.Column<Guid>(type: "uuid", nullable: true),
                    channel = table.Column<short>(type: "smallint", nullable: false),
                    @class = table.Column<short>(name: "class", type: "smallint", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    dlt_template_id = table.Column<string>(type: "text", nullable: false),
                    dlt_header = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    next_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    sid = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outreach_messages", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_outreach_messages_next_at",
                schema: "aix",
                table: "outreach_messages",
                column: "next_at",
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "ix_outreach_messages_tenant_id_lead_id_created_at",
                schema: "aix",
                table: "outreach_messages",
                columns: new[] { "tenant_id", "lead_id", "created_at" });
            migrationBuilder.Sql("""
                CREATE OR REPLACE FUNCTION aix.delete_what_hangs_on_leads() RETURNS trigger LANGUAGE plpgsql SET search_path = aix, pg_temp AS $body$
                DECLARE
                    hanging text;
                BEGIN
                    -- The standing first: who writes scores holds its lock.
                    FOREACH hanging IN ARRAY ARRAY['lead_standings', 'lead_scores', 'feature_snapshots', 'contact_points', 'lead_companies', 'lead_vectors', 'lead_notes', 'lead_tasks', 'lead_tags', 'score_overrides',
                                                   'lead_transitions', 'bulk_changes', 'review_items', 'review_decisions', 'review_drafts', 'notifications', 'campaign_members', 'outreach_messages'] LOOP
                        EXECUTE format('DELETE FROM aix.%I c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id', hanging);
                    END LOOP;

                    -- What was said goes; that the number was called, and when, stays: deleting a lead must not open it for more calls.
                    DELETE FROM aix.call_turns t USING aix.calls c, gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id AND t.tenant_id = c.tenant_id AND t.call_id = c.id;
                    UPDATE aix.calls c SET conversation = NULL, facts = '{}', summary = NULL FROM gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
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
                                                   'lead_transitions', 'bulk_changes', 'review_items', 'review_decisions', 'review_drafts', 'notifications', 'campaign_members'] LOOP
                        EXECUTE format('DELETE FROM aix.%I c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id', hanging);
                    END LOOP;

                    -- What was said goes; that the number was called, and when, stays: deleting a lead must not open it for more calls.
                    DELETE FROM aix.call_turns t USING aix.calls c, gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id AND t.tenant_id = c.tenant_id AND t.call_id = c.id;
                    UPDATE aix.calls c SET conversation = NULL, facts = '{}', summary = NULL FROM gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    RETURN NULL;
                END $body$;
                """);

            migrationBuilder.DropTable(
                name: "message_templates",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "outreach_messages",
                schema: "aix");

            migrationBuilder.DropColumn(
                name: "missed_at",
                schema: "aix",
                table: "lead_tasks");
        }
    }
}
