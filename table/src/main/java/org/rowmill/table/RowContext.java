package org.rowmill.table;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The context of a row in progress. A column method that has a parameter of this type receives it. It is valid only on
 * the thread that computes the row, and only until the columns of the row are computed.
 *
 * <pre>{@code
 * @Column
 * long compressedSize(Path file, RowContext context) throws IOException, InterruptedException {
 *     Path compressed = context.scratch().resolve("compressed");
 *     ProcessResult result = context.run(
 *             new ProcessBuilder("xz", "-c", file.toString()).redirectOutput(compressed.toFile()));
 *     if (result.exitCode() != 0) {
 *         throw new IOException("xz failed: " + result.error());
 *     }
 *     return Files.size(compressed);
 * }
 * }</pre>
 */
public interface RowContext {

    /**
     * Returns the number of the attempt at this row.
     *
     * @return 1 for the first attempt
     */
    int attempt();

    /**
     * Returns the name of the node that computes the row.
     *
     * @return the name, the same for all rows that the node computes in this run
     */
    String node();

    /**
     * Returns the id of the run.
     *
     * @return lower-case letters and digits
     */
    String runId();

    /**
     * Returns a logger with the name of the table. Its lines go to the log of the run, and begin with table and index.
     *
     * @return the logger
     */
    System.Logger logger();

    /**
     * Returns a directory for this row on the disk of the node. The first call creates it. Rowmill removes it with all
     * that it contains when the row ends.
     *
     * @return an absolute path
     * @throws IOException if the directory cannot be created
     */
    Path scratch() throws IOException;

    /**
     * Runs an external program, waits until it ends, and collects what it writes. The program has its own process
     * group; Rowmill ends what is left of the group when the row ends. Redirections of the builder are kept.
     *
     * @param program command, environment and working directory (default: the root of the project)
     * @return the result; an exit code other than 0 does not throw
     * @throws IOException if the program cannot be started
     * @throws InterruptedException if the row is interrupted, for example because it exceeded its time limit; the
     *     program is ended
     */
    ProcessResult run(ProcessBuilder program) throws IOException, InterruptedException;
}
