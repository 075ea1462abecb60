package org.rowmill.producer.rundir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.console.Console;
import org.rowmill.schemas.Threads;

/**
 * Copies the output of a consumer to a log file line by line, and with {@code -v} also to the terminal. Its own thread
 * reads until the output ends. The last lines are kept for messages about crashes.
 */
public final class RunLog implements AutoCloseable {

    /** Other slots may print the stacks of their rows after the reason why the consumer ends. */
    private static final int LINES_KEPT = 200;

    private static final int CHARACTERS_KEPT = 2_000;

    private final Path file;
    private final Console console;
    private final Deque<String> tail = new ArrayDeque<>();
    private @Nullable Writer writer;
    private boolean isBroken;

    public RunLog(Path file, Console console) {
        this.file = file;
        this.console = console;
    }

    public Path file() {
        return file;
    }

    /** Starts to copy, and returns the thread. */
    public Thread copy(InputStream output) {
        return Threads.startDaemon("rowmill-log", () -> copyLines(output));
    }

    /**
     * Returns the last lines, each without what follows after many characters.
     *
     * @param lines how many at most; no more than 200 are known
     */
    public synchronized List<String> tail(int lines) {
        return tail.stream().skip(Math.max(0, tail.size() - lines)).toList();
    }

    /** Forgets the last lines, because the next consumer starts. The file keeps them. */
    public synchronized void forgetTail() {
        tail.clear();
    }

    private void copyLines(InputStream output) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(line, !lines.ready());
            }
        } catch (IOException e) {
            return; // the consumer ended
        } finally {
            close();
        }
    }

    /** Adds a line. */
    public void add(String line) {
        add(line, true);
    }

    /** If the file cannot be written, the log ends. Reading continues, because a full pipe would block the consumer. */
    private synchronized void add(String line, boolean flush) {
        keep(line);
        console.verbose(line);
        try {
            if (writer == null && !isBroken) {
                writer = Files.newBufferedWriter(
                        file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            }
            if (writer != null) {
                writer.write(line + "\n");
                if (flush) {
                    writer.flush();
                }
            }
        } catch (IOException e) {
            console.warn(file + ": the log cannot be written (" + e.getMessage() + "); it ends here");
            isBroken = true;
            close();
        }
    }

    @Override
    public synchronized void close() {
        try {
            if (writer != null) {
                writer.close();
            }
        } catch (IOException e) {
            isBroken = true; // the last write has warned
        } finally {
            writer = null;
        }
    }

    private synchronized void keep(String line) {
        if (tail.size() == LINES_KEPT) {
            tail.removeFirst();
        }
        tail.addLast(line.length() > CHARACTERS_KEPT ? line.substring(0, CHARACTERS_KEPT) + "…" : line);
    }
}
