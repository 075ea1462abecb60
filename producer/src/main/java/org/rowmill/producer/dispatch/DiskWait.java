package org.rowmill.producer.dispatch;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.schemas.Sizes;
import org.rowmill.schemas.Times;

/**
 * Repeats a write that the disk refused until it succeeds, a limit is reached, or the run is to stop. A full disk, a
 * quota, or a file system that is read-only or fails for a while then does not cost a run that lasts days. Used by one
 * thread, which waits.
 */
public final class DiskWait {

    private static final Duration STEP = Duration.ofSeconds(3);
    private static final long STOP_CHECK_MILLIS = 100;

    private final Path directory;
    private final Duration limit;
    private final StopSignal stop;
    private final Console console;
    private final LongSupplier nanoTime;
    private final Sleeper sleeper;

    /**
     * Creates the wait of one table.
     *
     * @param directory of the table
     * @param limit how long to repeat a write
     * @param stop ends the wait
     * @param console reports when the wait starts and ends
     */
    public DiskWait(Path directory, Duration limit, StopSignal stop, Console console) {
        this(directory, limit, stop, console, System::nanoTime, Thread::sleep);
    }

    DiskWait(Path directory, Duration limit, StopSignal stop, Console console, LongSupplier nanoTime, Sleeper sleeper) {
        this.directory = directory;
        this.limit = limit;
        this.stop = stop;
        this.console = console;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
    }

    /** Waits; a test passes the time instead. */
    interface Sleeper {
        void sleep(long millis) throws InterruptedException;
    }

    /** A write that can be repeated after it failed. */
    public interface Write<T> {
        T write() throws IOException;
    }

    /**
     * Writes, and repeats the write while the disk refuses it.
     *
     * @throws IOException the last one, if repeating does not help, the limit is reached, or the run is to stop
     */
    public <T> T write(Write<T> write) throws IOException, InterruptedException {
        try {
            return write.write();
        } catch (IOException e) {
            if (!isOfTheDisk(e) || stop.isRequested()) {
                throw e;
            }
            return repeat(write, e);
        }
    }

    private <T> T repeat(Write<T> write, IOException first) throws IOException, InterruptedException {
        console.warn(warning(first));
        long start = nanoTime.getAsLong();
        IOException last = first;
        while (true) {
            long left = limit.toNanos() - (nanoTime.getAsLong() - start);
            if (left <= 0 || isStopped(Math.min(left, STEP.toNanos()))) {
                throw last;
            }
            try {
                T written = write.write();
                console.say(directory + ": results can be written again after "
                        + Duration.ofNanos(nanoTime.getAsLong() - start).toSeconds() + " s; the run continues");
                return written;
            } catch (IOException e) {
                if (!isOfTheDisk(e)) {
                    throw e;
                }
                last = e;
            }
        }
    }

    /**
     * Whether the disk refused the write (no space, quota, read-only, device error), not the path (missing, no
     * permission). Java has exception classes for the path, but none for the disk, and the text of the message depends
     * on the locale.
     */
    private boolean isOfTheDisk(IOException e) {
        boolean isUntyped = e.getClass() == IOException.class || e.getClass() == FileSystemException.class;
        return isUntyped && Files.isDirectory(directory);
    }

    private boolean isStopped(long nanos) throws InterruptedException {
        long start = nanoTime.getAsLong();
        while (nanoTime.getAsLong() - start < nanos && !stop.isRequested()) {
            sleeper.sleep(STOP_CHECK_MILLIS);
        }
        return stop.isRequested();
    }

    private String warning(IOException e) {
        return directory + ": results cannot be written: " + reason(e) + freeSpace()
                + ". The run tries again every " + STEP.toSeconds() + " s, for at most " + Times.text(limit)
                + " (--disk-wait), and keeps results in memory."
                + " Free space, or make the directory writable. Ctrl-C ends the run; published rows are kept";
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException inFile && inFile.getReason() != null
                ? inFile.getReason()
                : String.valueOf(e.getMessage());
    }

    private String freeSpace() {
        try {
            FileStore disk = Files.getFileStore(directory);
            return " (" + Sizes.text(disk.getUsableSpace()) + " of " + Sizes.text(disk.getTotalSpace()) + " free)";
        } catch (IOException e) {
            return ""; // a faulty disk does not report its size either
        }
    }
}
