using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class ReconciledCalls : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "slots",
                schema: "aix",
                table: "call_turns",
                type: "jsonb",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_calls_provider_sid",
                schema: "aix",
                table: "calls",
                column: "provider_sid",
                filter: "provider_sid IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_calls_provider_sid",
                schema: "aix",
                table: "calls");

            migrationBuilder.DropColumn(
                name: "slots",
                schema: "aix",
                table: "call_turns");
        }
    }
}
