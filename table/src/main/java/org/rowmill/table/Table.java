package org.rowmill.table;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A table: {@link #index()} says which rows there are, each method annotated with {@link Column} computes one or more
 * columns of a row.
 *
 * <p>A parameter of the index's type is the row's index; a {@link RowContext} parameter tells where the row runs; any
 * other parameter is the value of the column of that name ({@code lineCount} is column {@code line_count}), computed
 * first, or a component of the index; {@link Column} has the rules in full. Columns must not need one another in a circle.
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
 * <p>The class is public, not abstract, top-level or static nested, with a public constructor without parameters. One
 * instance is used by one thread at a time, for many rows: fields may cache, but a column must not depend on which rows were
 * computed before.
 *
 * @param <I> the index: {@code String}, {@code Path} (relative to the project), {@code Byte}, {@code Short},
 *     {@code Integer}, {@code Long}, {@code Boolean}, an enum, {@code Instant}, {@code LocalDate}, or a record of those
 */
public abstract class Table<I> {

    /** For subclasses. */
    protected Table() {}

    /**
     * The rows of the table, each index once. Read lazily, on the head, by one thread; closed after use.
     *
     * @return the indices in the order in which rows are to be computed
     * @throws Exception whatever stops the listing; rows listed before are computed and kept
     */
    public abstract Stream<I> index() throws Exception;

    /**
     * Called once on the head when every row of {@link #index()} has been computed. Does nothing unless overridden.
     *
     * @param rows the complete table, newest values
     * @param out standard output of the run
     * @throws Exception whatever the report cannot cope with; the table is kept
     */
    public void report(Rows<I> rows, PrintStream out) throws Exception {}

    /**
     * The root directory of the project: of the head's copy in {@link #index()} and {@link #report}, of the node's mount
     * in a column method.
     *
     * @return an absolute path
     */
    protected final Path project() {
        return Index.project();
    }
}
