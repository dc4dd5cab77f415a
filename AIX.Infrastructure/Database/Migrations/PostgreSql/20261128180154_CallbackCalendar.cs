using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIX.Infrastructure.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class CallbackCalendar : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_lead_tasks_tenant_id_due_at",
                schema: "aix",
                table: "lead_tasks",
                columns: new[] { "tenant_id", "due_at" },
                filter: "kind = 3");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_lead_tasks_tenant_id_due_at",
                schema: "aix",
                table: "lead_tasks");
        }
    }
}
