package org.rowmill.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.WrongInput;

/**
 * The lock of a table: only one run at a time writes it. The operating system releases the lock when the process ends.
 * The content of the lock file names the run, and protects a directory that two computers share.
 */
public final class TableLock implements AutoCloseable {

    private static final String NAME = ".lock";
    private static final int MAX_CONTENT_BYTES = 4096;
    private static final int TRIES = 10;
    private static final long TRY_NANOS = 50_000_000;

    private final FileChannel channel;

    private TableLock(FileChannel channel) {
        this.channel = channel;
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
        Path file = directory.resolve(NAME);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            FileLock lock = awaitLock(channel);
            Properties holder = read(channel);
            String host = host();
            if (lock == null) {
                throw new WrongInput(directory + ": this table is being computed by " + describe(holder)
                        + ". Wait until that run ends, stop it, or compute elsewhere with --output DIR");
            }
            String holderHost = holder.getProperty("host", host);
            if (!holderHost.equals(host)) {
                throw new WrongInput(directory + ": this table is locked by " + describe(holder) + ". This computer ("
                        + host + ") cannot check whether that run still exists. If it has ended, delete " + file
                        + " and try again");
            }
            write(channel, host, run);
            taken = true;
            return new TableLock(channel);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    /** Waits half a second: if the launcher of a head was just killed, the head is about to end. */
    private static @Nullable FileLock awaitLock(FileChannel channel) throws IOException {
        FileLock lock = tryLock(channel);
        for (int tries = 0; lock == null && tries < TRIES; tries++) {
            LockSupport.parkNanos(TRY_NANOS);
            lock = tryLock(channel);
        }
        return lock;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String describe(Properties holder) {
        return "run " + holder.getProperty("run", "(unknown)") + " on " + holder.getProperty("host", "this computer")
                + " (process " + holder.getProperty("pid", "unknown") + ", since "
                + holder.getProperty("started", "just now") + ")";
    }

    private static Properties read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_CONTENT_BYTES);
        channel.read(bytes, 0);
        Properties holder = new Properties();
        String content = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        for (String line : content.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                holder.setProperty(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return holder;
    }

    private static void write(FileChannel channel, String host, String run) throws IOException {
        String content = "pid=" + ProcessHandle.current().pid() + "\nhost=" + host + "\nrun=" + run + "\nstarted="
                + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n";
        channel.truncate(0);
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Asks the kernel first, because a look-up of the host name can wait seconds for a name server. */
    private static String host() throws IOException {
        Path kernel = Path.of("/proc/sys/kernel/hostname");
        return Files.isReadable(kernel)
                ? Files.readString(kernel).strip()
                : InetAddress.getLocalHost().getHostName();
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
