package org.rowmill.table;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A table. {@link #index()} lists its rows; each method with {@link Column} computes a column, or several columns, of a
 * row.
 *
 * <p>A column method declares what it needs as parameters. A parameter of the index type receives the index, a
 * {@link RowContext} the context of the row, and any other parameter the value of the column with its name:
 * {@code lineCount} is the column {@code line_count}, which is computed first. {@link Column} lists the rules. Columns
 * cannot need each other in a cycle.
 *
 * <pre>{@code
 * public class FileTable extends Table<Path> {
 *     @Override
 *     public Stream<Path> index() throws IOException {
 *         return Index.files("data/**.txt");
 *     }
 *
 *     @Column
 *     double ratio(long lineCount, long byteCount) {
 *         return (double) byteCount / lineCount;
 *     }
 *
 *     @Column
 *     long lineCount(Path file) throws IOException {
 *         try (Stream<String> lines = Files.lines(file)) {
 *             return lines.count();
 *         }
 *     }
 *
 *     @Column
 *     long byteCount(Path file) throws IOException {
 *         return Files.size(file);
 *     }
 * }
 * }</pre>
 *
 * <p>The class is public, not abstract, top-level or static nested, and has a public constructor without parameters.
 * One thread at a time uses an instance, for many rows. Fields can cache values, but a column must not depend on which
 * rows were computed before.
 *
 * @param <I> index type: {@code String}, {@code Path} (relative to the project), {@code Byte}, {@code Short},
 *     {@code Integer}, {@code Long}, {@code Boolean}, an enum, {@code Instant}, {@code LocalDate}, or a record of these
 */
public abstract class Table<I> {

    /** For subclasses. */
    protected Table() {}

    /**
     * Lists the rows of the table, each index once. One thread on the head reads the stream lazily and closes it, so
     * the indices need not fit into memory.
     *
     * @return the indices, in the order in which the rows should be computed
     * @throws Exception if the rows cannot be listed; rows that the stream listed before are computed and kept
     */
    public abstract Stream<I> index() throws Exception;

    /**
     * Prints a summary. Rowmill calls it on the head when every row of {@link #index()} is computed. By default it does
     * nothing.
     *
     * <pre>{@code
     * @Override
     * public void report(Rows<Path> rows, PrintStream out) {
     *     try (Stream<Row<Path>> all = rows.stream()) {
     *         out.println(all.mapToLong(row -> row.getLong("line_count")).sum() + " lines");
     *     }
     * }
     * }</pre>
     *
     * @param rows the stored rows, each with its newest values
     * @param out standard output of the run
     * @throws Exception if the report fails; the run then exits with code 1, and the table is kept
     */
    public void report(Rows<I> rows, PrintStream out) throws Exception {}

    /**
     * Returns the root directory of the project. In a column method on a node, it is the directory where the project is
     * mounted.
     *
     * @return an absolute path
     */
    protected final Path project() {
        return Index.project();
    }
}
