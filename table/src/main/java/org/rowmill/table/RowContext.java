package org.rowmill.table;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where and how a row is being computed; a parameter of this type in a column method receives it. Valid until the
 * row's columns are computed, on the thread that computes them.
 */
public interface RowContext {

    /**
     * Which delivery of this row it is.
     *
     * @return 1 for the first
     */
    int attempt();

    /**
     * Name of the node that computes the row.
     *
     * @return the name, the same for all rows computed there in this run
     */
    String node();

    /**
     * Identifies the {@code run} command this row belongs to.
     *
     * @return lower-case letters and digits
     */
    String runId();

    /**
     * A logger named after the table; its lines go to the run's log, prefixed by the row.
     *
     * @return the logger
     */
    System.Logger logger();

    /**
     * An empty directory on the node's own disk, for this row only; it and all in it are removed when the row ends.
     *
     * @return an absolute path
     * @throws IOException when it cannot be made
     */
    Path scratch() throws IOException;

    /**
     * Runs an external program to its end and collects what it writes. The program gets a process group of its own; what
     * is left of the group ends with the row. Redirections set on the builder are kept.
     *
     * @param program the command, its environment and directory (default: the project's root)
     * @return how it ended; an exit code other than 0 is not an error
     * @throws IOException when it cannot be started
     * @throws InterruptedException when the row is interrupted; the program is ended
     */
    ProcessResult run(ProcessBuilder program) throws IOException, InterruptedException;
}
