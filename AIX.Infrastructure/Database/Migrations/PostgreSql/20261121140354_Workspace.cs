using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Workspace : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_review_items_leads_tenant_id_lead_id",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropIndex(
                name: "ix_lead_standings_tenant_id_band_score_order_lead_id",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "escalated_at",
                schema: "aix",
                table: "review_items",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "first_decision",
                schema: "aix",
                table: "review_items",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "first_reviewer",
                schema: "aix",
                table: "review_items",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "held_until",
                schema: "aix",
                table: "review_items",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "holder_id",
                schema: "aix",
                table: "review_items",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "note",
                schema: "aix",
                table: "review_items",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "postponed_until",
                schema: "aix",
                table: "review_items",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "propensity",
                schema: "aix",
                table: "review_items",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<short>(
                name: "reason",
                schema: "aix",
                table: "review_items",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0);

            migrationBuilder.AddColumn<short>(
                name: "round",
                schema: "aix",
                table: "review_items",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0);

            migrationBuilder.AddColumn<Guid>(
                name: "second_decision",
                schema: "aix",
                table: "review_items",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "second_reviewer",
                schema: "aix",
                table: "review_items",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "sent_by",
                schema: "aix",
                table: "review_items",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<short>(
                name: "challenger_band",
                schema: "aix",
                table: "lead_standings",
                type: "smallint",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "changed_at",
                schema: "aix",
                table: "lead_standings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "conflict",
                schema: "aix",
                table: "lead_standings",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "first_touch_at",
                schema: "aix",
                table: "lead_standings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "hot_at",
                schema: "aix",
                table: "lead_standings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "next_due_at",
                schema: "aix",
                table: "lead_standings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<short>(
                name: "override_band",
                schema: "aix",
                table: "lead_standings",
                type: "smallint",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "override_score",
                schema: "aix",
                table: "lead_standings",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "override_until",
                schema: "aix",
                table: "lead_standings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "owner_id",
                schema: "aix",
                table: "lead_standings",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "reevaluate_at",
                schema: "aix",
                table: "lead_standings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<short>(
                name: "state",
                schema: "aix",
                table: "lead_standings",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "touched_at",
                schema: "aix",
                table: "lead_standings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<short>(
                name: "shown_band",
                schema: "aix",
                table: "lead_standings",
                type: "smallint",
                nullable: true,
                computedColumnSql: "coalesce(override_band, band)",
                stored: true);

            migrationBuilder.CreateTable(
                name: "bulk_changes",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    before = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bulk_changes", x => new { x.tenant_id, x.job_id, x.lead_id });
                });

            migrationBuilder.CreateTable(
                name: "bulk_jobs",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<short>(type: "smallint", nullable: false),
                    filter = table.Column<string>(type: "jsonb", nullable: false),
                    arguments = table.Column<string>(type: "jsonb", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    total = table.Column<int>(type: "integer", nullable: true),
                    done = table.Column<int>(type: "integer", nullable: false),
                    changed = table.Column<int>(type: "integer", nullable: false),
                    after = table.Column<Guid>(type: "uuid", nullable: true),
                    lease_token = table.Column<Guid>(type: "uuid", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    failure = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bulk_jobs", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "bulk_parts",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    part = table.Column<int>(type: "integer", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bulk_parts", x => new { x.tenant_id, x.job_id, x.part });
                });

            migrationBuilder.CreateTable(
                name: "lead_merges",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    winner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    loser_id = table.Column<Guid>(type: "uuid", nullable: false),
                    winner_version = table.Column<int>(type: "integer", nullable: false),
                    images = table.Column<string>(type: "jsonb", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    undone_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_merges", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "lead_notes",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    text = table.Column<string>(type: "text", nullable: false),
                    is_touch = table.Column<bool>(type: "boolean", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_notes", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "lead_tags",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tag = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_tags", x => new { x.tenant_id, x.lead_id, x.tag });
                });

            migrationBuilder.CreateTable(
                name: "lead_tasks",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<short>(type: "smallint", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_by = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    done_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reminded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_tasks", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "lead_transitions",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from_state = table.Column<short>(type: "smallint", nullable: false),
                    to_state = table.Column<short>(type: "smallint", nullable: false),
                    origin = table.Column<short>(type: "smallint", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    import_id = table.Column<Guid>(type: "uuid", nullable: true),
                    outcome_id = table.Column<Guid>(type: "uuid", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_transitions", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "lead_views",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    shared = table.Column<bool>(type: "boolean", nullable: false),
                    definition = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_views", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "notifications",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: true),
                    text = table.Column<string>(type: "text", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    read_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notifications", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "review_decisions",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reviewer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<short>(type: "smallint", nullable: false),
                    round = table.Column<short>(type: "smallint", nullable: false),
                    item_reason = table.Column<short>(type: "smallint", nullable: false),
                    propensity = table.Column<double>(type: "double precision", nullable: false),
                    decision_value = table.Column<double>(type: "double precision", nullable: false),
                    band = table.Column<short>(type: "smallint", nullable: true),
                    probability = table.Column<double>(type: "double precision", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    text = table.Column<string>(type: "text", nullable: true),
                    attribute = table.Column<string>(type: "text", nullable: true),
                    right_value = table.Column<string>(type: "text", nullable: true),
                    seen_score = table.Column<double>(type: "double precision", nullable: true),
                    seen_low = table.Column<double>(type: "double precision", nullable: true),
                    seen_high = table.Column<double>(type: "double precision", nullable: true),
                    seen_band = table.Column<short>(type: "smallint", nullable: true),
                    seen_model = table.Column<int>(type: "integer", nullable: true),
                    seen_icp = table.Column<int>(type: "integer", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    milliseconds = table.Column<int>(type: "integer", nullable: false),
                    effects = table.Column<string>(type: "jsonb", nullable: false),
                    undone_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_review_decisions", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "review_drafts",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    content = table.Column<string>(type: "jsonb", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_review_drafts", x => new { x.tenant_id, x.lead_id, x.user_id });
                });

            migrationBuilder.CreateTable(
                name: "routing_rules",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false),
                    turn = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_routing_rules", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "score_overrides",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    band = table.Column<short>(type: "smallint", nullable: false),
                    probability = table.Column<double>(type: "double precision", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: true),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_score_overrides", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "user_preferences",
                schema: "aix",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    data = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user_preferences", x => new { x.tenant_id, x.user_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_review_items_tenant_id_decision_value_created_at",
                schema: "aix",
                table: "review_items",
                columns: new[] { "tenant_id", "decision_value", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_review_items_tenant_id_holder_id",
                schema: "aix",
                table: "review_items",
                columns: new[] { "tenant_id", "holder_id" },
                filter: "holder_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_lead_standings_tenant_id_hot_at",
                schema: "aix",
                table: "lead_standings",
                columns: new[] { "tenant_id", "hot_at" },
                filter: "hot_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_lead_standings_tenant_id_next_due_at_lead_id",
                schema: "aix",
                table: "lead_standings",
                columns: new[] { "tenant_id", "next_due_at", "lead_id" },
                filter: "next_due_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_lead_standings_tenant_id_override_until",
                schema: "aix",
                table: "lead_standings",
                columns: new[] { "tenant_id", "override_until" },
                filter: "override_until IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_lead_standings_tenant_id_owner_id_score_order_lead_id",
                schema: "aix",
                table: "lead_standings",
                columns: new[] { "tenant_id", "owner_id", "score_order", "lead_id" },
                filter: "owner_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_lead_standings_tenant_id_reevaluate_at",
                schema: "aix",
                table: "lead_standings",
                columns: new[] { "tenant_id", "reevaluate_at" },
                filter: "reevaluate_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_lead_standings_tenant_id_shown_band_score_order_lead_id",
                schema: "aix",
                table: "lead_standings",
                columns: new[] { "tenant_id", "shown_band", "score_order", "lead_id" },
                filter: "shown_band IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_bulk_jobs_lease_until",
                schema: "aix",
                table: "bulk_jobs",
                column: "lease_until",
                filter: "state IN (0, 1, 5)");

            migrationBuilder.CreateIndex(
                name: "ix_lead_merges_tenant_id_loser_id",
                schema: "aix",
                table: "lead_merges",
                columns: new[] { "tenant_id", "loser_id" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_merges_tenant_id_winner_id",
                schema: "aix",
                table: "lead_merges",
                columns: new[] { "tenant_id", "winner_id" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_notes_tenant_id_lead_id_at",
                schema: "aix",
                table: "lead_notes",
                columns: new[] { "tenant_id", "lead_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_tags_tenant_id_tag_lead_id",
                schema: "aix",
                table: "lead_tags",
                columns: new[] { "tenant_id", "tag", "lead_id" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_tasks_tenant_id_lead_id_due_at",
                schema: "aix",
                table: "lead_tasks",
                columns: new[] { "tenant_id", "lead_id", "due_at" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_tasks_tenant_id_owner_id_due_at",
                schema: "aix",
                table: "lead_tasks",
                columns: new[] { "tenant_id", "owner_id", "due_at" },
                filter: "done_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_lead_transitions_tenant_id_import_id",
                schema: "aix",
                table: "lead_transitions",
                columns: new[] { "tenant_id", "import_id" },
                filter: "import_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_lead_transitions_tenant_id_lead_id_at",
                schema: "aix",
                table: "lead_transitions",
                columns: new[] { "tenant_id", "lead_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_notifications_tenant_id_user_id_at",
                schema: "aix",
                table: "notifications",
                columns: new[] { "tenant_id", "user_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_review_decisions_tenant_id_at",
                schema: "aix",
                table: "review_decisions",
                columns: new[] { "tenant_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_review_decisions_tenant_id_lead_id_at",
                schema: "aix",
                table: "review_decisions",
                columns: new[] { "tenant_id", "lead_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_review_decisions_tenant_id_reviewer_id_at",
                schema: "aix",
                table: "review_decisions",
                columns: new[] { "tenant_id", "reviewer_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_score_overrides_tenant_id_lead_id_at",
                schema: "aix",
                table: "score_overrides",
                columns: new[] { "tenant_id", "lead_id", "at" });

            migrationBuilder.Sql("""
                UPDATE aix.lead_standings st SET state = CASE WHEN l.state = 1 THEN 7 ELSE l.state END, hot_at = CASE WHEN l.state = 2 THEN coalesce(st.scored_at, l.updated_at) END
                FROM aix.leads l WHERE l.tenant_id = st.tenant_id AND l.id = st.lead_id;
                UPDATE aix.lead_standings st SET state = CASE o.result WHEN 1 THEN 9 ELSE 10 END
                FROM (SELECT DISTINCT ON (tenant_id, lead_id) tenant_id, lead_id, result FROM aix.lead_outcomes ORDER BY tenant_id, lead_id, occurred_at DESC, id DESC) o
                WHERE o.tenant_id = st.tenant_id AND o.lead_id = st.lead_id;
                ALTER TABLE aix.leads DROP COLUMN state;

                -- A generated column cannot be changed; its indexes go with it.
                ALTER TABLE aix.lead_standings DROP COLUMN score_order;
                ALTER TABLE aix.lead_standings ADD COLUMN score_order double precision NOT NULL GENERATED ALWAYS AS (coalesce(override_score, score, -1)) STORED;
                CREATE INDEX ix_lead_standings_tenant_id_score_order_lead_id ON aix.lead_standings (tenant_id, score_order, lead_id);
                CREATE INDEX ix_lead_standings_uncertain ON aix.lead_standings (tenant_id, score_order, lead_id) WHERE uncertain;
                ALTER TABLE aix.lead_standings SET (fillfactor = 80);

                UPDATE aix.review_items SET propensity = 1;
                INSERT INTO aix.routing_rules (tenant_id, id, position, name, enabled, document, turn)
                SELECT tenant_id, gen_random_uuid(), 0, 'Hot leads to agents in turn', true, '{"conditions":[{"field":"band","operator":"is","value":"hot"}],"assign":"inTurn"}', 0 FROM aix.tenants;

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                ALTER TABLE aix.lead_standings DROP COLUMN score_order;
                CREATE OR REPLACE FUNCTION aix.delete_what_hangs_on_leads() RETURNS trigger LANGUAGE plpgsql SET search_path = aix, pg_temp AS $body$
                BEGIN
                    DELETE FROM aix.lead_standings c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.lead_scores c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.feature_snapshots c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.contact_points c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.lead_companies c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    DELETE FROM aix.lead_vectors c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    RETURN NULL;
                END $body$;
                """);

            migrationBuilder.DropTable(
                name: "bulk_changes",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "bulk_jobs",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "bulk_parts",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "lead_merges",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "lead_notes",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "lead_tags",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "lead_tasks",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "lead_transitions",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "lead_views",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "notifications",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "review_decisions",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "review_drafts",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "routing_rules",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "score_overrides",
                schema: "aix");

            migrationBuilder.DropTable(
                name: "user_preferences",
                schema: "aix");

            migrationBuilder.DropIndex(
                name: "ix_review_items_tenant_id_decision_value_created_at",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropIndex(
                name: "ix_review_items_tenant_id_holder_id",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropIndex(
                name: "ix_lead_standings_tenant_id_hot_at",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropIndex(
                name: "ix_lead_standings_tenant_id_next_due_at_lead_id",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropIndex(
                name: "ix_lead_standings_tenant_id_override_until",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropIndex(
                name: "ix_lead_standings_tenant_id_owner_id_score_order_lead_id",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropIndex(
                name: "ix_lead_standings_tenant_id_reevaluate_at",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropIndex(
                name: "ix_lead_standings_tenant_id_shown_band_score_order_lead_id",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "shown_band",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "escalated_at",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "first_decision",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "first_reviewer",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "held_until",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "holder_id",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "note",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "postponed_until",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "propensity",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "reason",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "round",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "second_decision",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "second_reviewer",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "sent_by",
                schema: "aix",
                table: "review_items");

            migrationBuilder.DropColumn(
                name: "challenger_band",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "changed_at",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "conflict",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "first_touch_at",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "hot_at",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "next_due_at",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "override_band",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "override_score",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "override_until",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "owner_id",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "reevaluate_at",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "state",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.DropColumn(
                name: "touched_at",
                schema: "aix",
                table: "lead_standings");

            migrationBuilder.AddColumn<short>(
                name: "state",
                schema: "aix",
                table: "leads",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0);

            migrationBuilder.Sql("""
                ALTER TABLE aix.lead_standings DROP COLUMN IF EXISTS score_order;
                ALTER TABLE aix.lead_standings ADD COLUMN score_order double precision NOT NULL GENERATED ALWAYS AS (coalesce(score, -1)) STORED;
                CREATE INDEX ix_lead_standings_tenant_id_score_order_lead_id ON aix.lead_standings (tenant_id, score_order, lead_id);
                CREATE INDEX ix_lead_standings_uncertain ON aix.lead_standings (tenant_id, score_order, lead_id) WHERE uncertain;
                """);

            migrationBuilder.CreateIndex(
                name: "ix_lead_standings_tenant_id_band_score_order_lead_id",
                schema: "aix",
                table: "lead_standings",
                columns: new[] { "tenant_id", "band", "score_order", "lead_id" },
                filter: "band IS NOT NULL");

            migrationBuilder.AddForeignKey(
                name: "fk_review_items_leads_tenant_id_lead_id",
                schema: "aix",
                table: "review_items",
                columns: new[] { "tenant_id", "lead_id" },
                principalSchema: "aix",
                principalTable: "leads",
                principalColumns: new[] { "tenant_id", "id" },
                onDelete: ReferentialAction.Cascade);
        }
    }
}
