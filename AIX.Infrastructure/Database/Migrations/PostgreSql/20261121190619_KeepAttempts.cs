using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class KeepAttempts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
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
                                                   'lead_transitions', 'bulk_changes', 'review_items', 'review_decisions', 'review_drafts', 'notifications', 'calls'] LOOP
                        EXECUTE format('DELETE FROM aix.%I c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id', hanging);
                    END LOOP;
                    RETURN NULL;
                END $body$;
                """);

        }
    }
}
