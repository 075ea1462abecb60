package org.rowmill.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.rowmill.schemas.ProcessLock;
import org.rowmill.schemas.WrongInput;

/**
 * The lock of a table: only one run at a time writes it. The operating system releases the lock when the process ends.
 * The content of the lock file names the run, and protects a directory that two computers share.
 */
public final class TableLock implements AutoCloseable {

    private static final String NAME = ".lock";

    private final FileChannel channel;
    private final boolean isOfSystem;

    private TableLock(FileChannel channel, boolean isOfSystem) {
        this.channel = channel;
        this.isOfSystem = isOfSystem;
    }

    /**
     * Takes the lock, even if a run on this computer was killed and left the lock file.
     *
     * @param directory the directory of the table
     * @param run id of the run that takes the lock
     * @throws WrongInput if another run holds the lock
     * @throws IOException if the directory cannot be written
     */
    public static TableLock take(Path directory, String run) throws IOException {
        return take(directory, run, new ProcessLock());
    }

    static TableLock take(Path directory, String run, ProcessLock locks) throws IOException {
        Path file = directory.resolve(NAME);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            ProcessLock.Outcome outcome = locks.await(channel); // a head whose launcher was just killed is about to end
            Map<String, String> holder = ProcessLock.read(channel);
            if (outcome == ProcessLock.Outcome.HELD) {
                throw new WrongInput(directory + ": this table is being computed by " + describe(holder)
                        + ". Wait until that run ends, stop it, or compute elsewhere with --output DIR");
            }
            if (ProcessLock.isElsewhere(holder)) {
                throw new WrongInput(directory + ": this table is locked by " + describe(holder) + ". This computer ("
                        + ProcessLock.host() + ") cannot check whether that run still exists. If it has ended, delete "
                        + file + " and try again");
            }
            ProcessLock.write(channel, run);
            taken = true;
            return new TableLock(channel, outcome == ProcessLock.Outcome.TAKEN);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static String describe(Map<String, String> holder) {
        return "run " + holder.getOrDefault("run", "(unknown)") + " on " + holder.getOrDefault("host", "this computer")
                + " (process " + holder.getOrDefault("pid", "unknown") + ", since "
                + holder.getOrDefault("started", "just now") + ")";
    }

    /** Returns whether the operating system holds the lock; false: the file system has no locks. */
    boolean isOfSystem() {
        return isOfSystem;
    }

    /**
     * Releases the lock. The empty file stays: if it were deleted, two runs could both hold the lock, one on the
     * deleted file and one on a new file.
     */
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.truncate(0);
        }
    }

    /** Releases the lock like {@link #close}, but without a checked exception. */
    void release() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot release the lock of a table", e);
        }
    }
}
