package org.rowmill.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads tables with DuckDB, like a user without Rowmill. */
public final class DuckDb {

    private DuckDb() {}

    /** Returns the rows of a query in which {@code $} stands for the parts of the table. */
    public static List<List<Object>> query(Path table, String sql) {
        String files = "'" + table.resolve("*.parquet") + "'";
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql.replace("$", files))) {
            List<List<Object>> all = new ArrayList<>();
            while (rows.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(rows.getObject(i));
                }
                all.add(row);
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Returns the number that is the only result of a query. */
    public static long number(Path table, String sql) {
        return ((Number) query(table, sql).get(0).get(0)).longValue();
    }
}
