using AIX.Core.Leads;
using Npgsql;
using NpgsqlTypes;

namespace AIX.Infrastructure.Database;

/// <summary>Short spellings for sets of SQL commands with positional parameters.</summary>
internal static class Sql
{
    public static NpgsqlBatch Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        Fill(command.Parameters, values);
        batch.BatchCommands.Add(command);
        return batch;
    }

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        Fill(command.Parameters, values);
        return command;
    }

    public static NpgsqlParameter Json(string? json) => new() { Value = (object?)json ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb };

    public static NpgsqlParameter JsonArray(string?[] json) => new() { Value = json, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };

    /// <summary>JSON as UTF-8 bytes, without a detour through strings.</summary>
    public static NpgsqlParameter JsonArray(byte[]?[] json) => new() { Value = json, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };

    /// <summary>One column of a set of rows, for <c>unnest</c>.</summary>
    public static TValue[] Column<T, TValue>(IReadOnlyList<T> rows, Func<T, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }

        return column;
    }

    private static void Fill(NpgsqlParameterCollection parameters, ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
        {
            parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
    }

    /// <summary>Every row of the answer.</summary>
    public static async Task<List<T>> AllAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The answer's first column, as ids.</summary>
    public static Task<List<Guid>> IdsAsync(this NpgsqlCommand command, CancellationToken ct) => command.AllAsync(r => r.GetGuid(0), ct);

    /// <summary>A band, stored as its number.</summary>
    public static Band? BandAt(this NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : (Band)reader.GetInt16(ordinal);

    public static T? Nullable<T>(this NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? default : reader.GetFieldValue<T>(ordinal);
}
