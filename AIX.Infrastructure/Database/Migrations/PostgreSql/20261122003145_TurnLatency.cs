using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class TurnLatency : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<double>(
                name: "knowledge_ms",
                schema: "aix",
                table: "call_turns",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "phrase_ms",
                schema: "aix",
                table: "call_turns",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "wait_ms",
                schema: "aix",
                table: "call_turns",
                type: "double precision",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "knowledge_ms",
                schema: "aix",
                table: "call_turns");

            migrationBuilder.DropColumn(
                name: "phrase_ms",
                schema: "aix",
                table: "call_turns");

            migrationBuilder.DropColumn(
                name: "wait_ms",
                schema: "aix",
                table: "call_turns");
        }
    }
}
