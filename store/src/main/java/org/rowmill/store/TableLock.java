package org.rowmill.store;

import java.io.IOException;
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
 * One run at a time writes a table. The lock is the operating system's and dies with its process; the file's content says
 * whose it is, and guards a directory that two computers share.
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
     * Takes the lock, also one that a dead run on this computer left.
     *
     * @param directory the table's directory
     * @param run id of the run that takes it
     * @throws WrongInput when another run has it
     * @throws IOException when the directory cannot be written
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
                        + ". Wait until that run ends, or stop it; or compute elsewhere by --output DIR");
            }
            String holderHost = holder.getProperty("host", host);
            if (!holderHost.equals(host)) {
                throw new WrongInput(directory + ": this table may be being computed by " + describe(holder)
                        + ", which cannot be seen from here (" + host + "). If that run has ended, delete " + file
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

    /** A head whose launcher was killed a moment ago may still be about to end. */
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

    /** The kernel's word is asked first: a look-up of the own name can wait seconds for a name server. */
    private static String host() throws IOException {
        Path kernel = Path.of("/proc/sys/kernel/hostname");
        return Files.isReadable(kernel)
                ? Files.readString(kernel).strip()
                : InetAddress.getLocalHost().getHostName();
    }

    /** The file stays, empty: deleted, it could be locked twice by runs that opened it before and after. */
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.truncate(0);
        }
    }
}
