using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class SearchAndQueueStorage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Trigram search per tenant. Row-level security keeps the planner from using GIN for the app's role (its operators are not
            // leakproof), so search goes through a function of the owner with its own tenant predicate and a fixed search path.
            migrationBuilder.Sql("""
                CREATE EXTENSION IF NOT EXISTS pg_trgm;
                CREATE EXTENSION IF NOT EXISTS btree_gin;
                CREATE INDEX ix_lead_search_text ON aix.lead_search USING gin (tenant_id, text gin_trgm_ops) WITH (fastupdate = off);
                """);
            migrationBuilder.Sql("""
                DO $$
                DECLARE extensions text;
                BEGIN
                    SELECT quote_ident(n.nspname) INTO extensions FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
                    EXECUTE format($f$
                        CREATE FUNCTION aix.search_leads(needle text, most integer) RETURNS SETOF uuid
                        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = aix, %s, pg_temp AS $body$
                            SELECT lead_id FROM aix.lead_search
                            WHERE tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid AND text LIKE needle
                            LIMIT most
                        $body$
                    $f$, extensions);
                END $$;
                REVOKE ALL ON FUNCTION aix.search_leads(text, integer) FROM PUBLIC;
                """);

            migrationBuilder.Sql("""
                CREATE FUNCTION aix.delete_contacts_of_deleted_leads() RETURNS trigger LANGUAGE plpgsql SET search_path = aix, pg_temp AS $body$
                BEGIN
                    DELETE FROM aix.contact_points c USING gone g WHERE c.tenant_id = g.tenant_id AND c.lead_id = g.id;
                    RETURN NULL;
                END $body$;
                CREATE TRIGGER delete_contacts AFTER DELETE ON aix.leads REFERENCING OLD TABLE AS gone
                    FOR EACH STATEMENT EXECUTE FUNCTION aix.delete_contacts_of_deleted_leads();
                """);

            // Claims and stage changes update rows in place (no indexed column changes) while there is room on the page; what is done
            // is swept up early, because a queue's dead rows lie at the front of its index.
            migrationBuilder.Sql("""
                ALTER TABLE aix.pipeline_runs SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
                ALTER TABLE aix.outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
                ALTER TABLE aix.leads SET (fillfactor = 85);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER delete_contacts ON aix.leads;
                DROP FUNCTION aix.delete_contacts_of_deleted_leads();
                DROP FUNCTION aix.search_leads(text, integer);
                DROP INDEX aix.ix_lead_search_text;
                ALTER TABLE aix.pipeline_runs RESET (fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_vacuum_cost_delay);
                ALTER TABLE aix.outbox RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
                ALTER TABLE aix.leads RESET (fillfactor);
                """);
        }
    }
}
