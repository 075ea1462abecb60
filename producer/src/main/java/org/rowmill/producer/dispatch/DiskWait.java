package org.rowmill.producer.dispatch;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.schemas.Sizes;
import org.rowmill.schemas.Times;

/**
 * Tries again what the disk refused, until it works, a limit is reached or the run is to stop: a full disk, a quota, a file
 * system that became read-only or fails for a while need not cost a run that lasts days. Used by one thread, which waits.
 */
public final class DiskWait {

    private static final Duration STEP = Duration.ofSeconds(3);
    private static final long LOOK_UP_MILLIS = 100;

    private final Path directory;
    private final Duration limit;
    private final StopSignal stop;
    private final Console console;

    /**
     * For one table.
     *
     * @param directory the table's
     * @param limit how long it waits at most
     * @param stop ends the waiting
     * @param console is told when it waits, and when it goes on
     */
    public DiskWait(Path directory, Duration limit, StopSignal stop, Console console) {
        this.directory = directory;
        this.limit = limit;
        this.stop = stop;
        this.console = console;
    }

    /** Something that can be done again when it failed. */
    public interface Write<T> {
        T write() throws IOException;
    }

    /**
     * Writes, as often as it takes.
     *
     * @throws IOException what was thrown at last, when it is not the disk, the limit is reached or the run is to stop
     */
    public <T> T until(Write<T> write) throws IOException, InterruptedException {
        try {
            return write.write();
        } catch (IOException e) {
            if (!mayPass(e) || stop.isRequested()) {
                throw e;
            }
            return untilItPasses(write, e);
        }
    }

    private <T> T untilItPasses(Write<T> write, IOException first) throws IOException, InterruptedException {
        console.warn(warning(first));
        long start = System.nanoTime();
        IOException last = first;
        while (true) {
            long left = limit.toNanos() - (System.nanoTime() - start);
            if (left <= 0 || isStopped(Math.min(left, STEP.toNanos()))) {
                throw last;
            }
            try {
                T written = write.write();
                console.say(directory + ": results can be written again, after "
                        + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s; the run goes on");
                return written;
            } catch (IOException e) {
                if (!mayPass(e)) {
                    throw e;
                }
                last = e;
            }
        }
    }

    /**
     * Java has classes of its own for what a person did to the files (missing, denied, in the way). What it has none for is
     * the disk's: no room, no quota, read-only, an error of the device. The message depends on the locale.
     */
    private boolean mayPass(IOException e) {
        boolean isUntyped = e.getClass() == IOException.class || e.getClass() == FileSystemException.class;
        return isUntyped && Files.isDirectory(directory);
    }

    private boolean isStopped(long nanos) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos && !stop.isRequested()) {
            Thread.sleep(LOOK_UP_MILLIS);
        }
        return stop.isRequested();
    }

    private String warning(IOException e) {
        return directory + ": results cannot be written: " + reason(e) + room()
                + ". The run waits and tries again each "
                + STEP.toSeconds() + " s, for " + Times.text(limit)
                + " at most (--disk-wait); results are kept in memory."
                + " Make room, or make it writable. Ctrl-C ends the run: what was published is safe";
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException inFile && inFile.getReason() != null
                ? inFile.getReason()
                : String.valueOf(e.getMessage());
    }

    private String room() {
        try {
            FileStore disk = Files.getFileStore(directory);
            return " (" + Sizes.text(disk.getUsableSpace()) + " of " + Sizes.text(disk.getTotalSpace()) + " free)";
        } catch (IOException e) {
            return ""; // the disk does not even tell that
        }
    }
}
