using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class ProfileStates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "created_by",
                schema: "aix",
                table: "icp_versions",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<short>(
                name: "state",
                schema: "aix",
                table: "icp_versions",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0);

            migrationBuilder.Sql("UPDATE aix.icp_versions SET state = 2 WHERE archived_at IS NOT NULL");

            migrationBuilder.DropColumn(
                name: "archived_at",
                schema: "aix",
                table: "icp_versions");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "created_by",
                schema: "aix",
                table: "icp_versions");

            migrationBuilder.DropColumn(
                name: "state",
                schema: "aix",
                table: "icp_versions");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "archived_at",
                schema: "aix",
                table: "icp_versions",
                type: "timestamp with time zone",
                nullable: true);
        }
    }
}
