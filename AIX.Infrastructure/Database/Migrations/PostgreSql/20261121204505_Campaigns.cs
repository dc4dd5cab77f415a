using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Campaigns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "call_hours",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    hour = table.Column<short>(type: "smallint", nullable: false),
                    campaign_id = table.Column<Guid>(type: "uuid", nullable: false),
                    agent_id = table.Column<Guid>(type: "uuid", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    variant = table.Column<string>(type: "text", nullable: false),
                    region = table.Column<string>(type: "text", nullable: false),
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
                    table.PrimaryKey("pk_call_hours", x => new { x.tenant_id, x.day, x.hour, x.campaign_id, x.agent_id, x.language, x.variant, x.region });
                });

            migrationBuilder.CreateTable(
                name: "campaigns",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    plan = table.Column<string>(type: "jsonb", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    parent_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_by = table.Column<Guid>(type: "uuid", nullable: true),
                    launched_by = table.Column<Guid>(type: "uuid", nullable: true),
                    approved_by = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    audience_after = table.Column<Guid>(type: "uuid", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_campaigns", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "campaign_members",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    campaign_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    prefix = table.Column<string>(type: "text", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    variant = table.Column<string>(type: "text", nullable: false),
                    priority = table.Column<double>(type: "double precision", nullable: false),
                    is_callback = table.Column<bool>(type: "boolean", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    next_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lease_token = table.Column<Guid>(type: "uuid", nullable: true),
                    rule = table.Column<string>(type: "text", nullable: true),
                    last_outcome = table.Column<short>(type: "smallint", nullable: true),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_campaign_members", x => new { x.tenant_id, x.campaign_id, x.lead_id });
                    table.ForeignKey(
                        name: "fk_campaign_members_campaigns_tenant_id_campaign_id",
                        columns: x => new { x.tenant_id, x.campaign_id },
                        principalSchema: "aix",
                        principalTable: "campaigns",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_calls_tenant_id_campaign_id",
                schema: "aix",
                table: "calls",
                columns: new[] { "tenant_id", "campaign_id" },
                filter: "state < 5");

            migrationBuilder.CreateIndex(
                name: "ix_calls_tenant_id_campaign_id_created_at",
                schema: "aix",
                table: "calls",
                columns: new[] { "tenant_id", "campaign_id", "created_at" },
                filter: "campaign_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_calls_tenant_id_campaign_id_ended_at",
                schema: "aix",
                table: "calls",
                columns: new[] { "tenant_id", "campaign_id", "ended_at" },
                filter: "campaign_id IS NOT NULL");

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

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_tenant_id_campaign_id_number",
                schema: "aix",
                table: "campaign_members",
                columns: new[] { "tenant_id", "campaign_id", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_tenant_id_campaign_id_state",
                schema: "aix",
                table: "campaign_members",
                columns: new[] { "tenant_id", "campaign_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_tenant_id_lead_id",
                schema: "aix",
                table: "campaign_members",
                columns: new[] { "tenant_id", "lead_id" });

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_tenant_id_created_at",
                schema: "aix",
                table: "campaigns",
                columns: new[] { "tenant_id", "created_at" });
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

                    -- What was said goes; that the number was called, and when, stays: deleting a lead must not open it for more calls.
                    DELETE FROM aix.call_turns t USING aix.calls c, gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id AND t.tenant_id = c.tenant_id AND t.call_id = c.id;
                    UPDATE aix.calls c SET conversation = NULL, facts = '{}', summary = NULL FROM gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    RETURN NULL;
                END $body$;
                """);

            migrationBuilder.DropTable(
                name: "call_hours",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "campaign_members",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "campaigns",
                schema: "aix");

            migrationBuilder.DropIndex(
                name: "ix_calls_tenant_id_campaign_id",
                schema: "aix",
                table: "calls");

            migrationBuilder.DropIndex(
                name: "ix_calls_tenant_id_campaign_id_created_at",
                schema: "aix",
                table: "calls");

            migrationBuilder.DropIndex(
                name: "ix_calls_tenant_id_campaign_id_ended_at",
                schema: "aix",
                table: "calls");
        }
    }
}
