using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class AuditChain : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "hash",
                schema: "aix",
                table: "audit_entries",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "sequence",
                schema: "aix",
                table: "audit_entries",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_tenant_id_sequence",
                schema: "aix",
                table: "audit_entries",
                columns: new[] { "tenant_id", "sequence" },
                unique: true,
                filter: "sequence > 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_audit_entries_tenant_id_sequence",
                schema: "aix",
                table: "audit_entries");

            migrationBuilder.DropColumn(
                name: "hash",
                schema: "aix",
                table: "audit_entries");

            migrationBuilder.DropColumn(
                name: "sequence",
                schema: "aix",
                table: "audit_entries");
        }
    }
}
