package org.rowmill.schemas;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A lock on an open file, which ends with the process. Some file systems have no locks, for example some that are
 * mounted from other computers; there, the content of the file names the process that holds it, and the lock protects
 * from other processes of this computer only.
 */
public final class ProcessLock {

    private static final int TRIES = 10;
    private static final long TRY_NANOS = 50_000_000;
    private static final int MAX_CONTENT_BYTES = 4096;
    private static final String PID = "pid";
    private static final String HOST = "host";
    private static final String STARTED = "started";

    private final Locking locking;

    /** How to lock a file. */
    public interface Locking {
        /**
         * Locks the whole file.
         *
         * @param channel of the file
         * @return the lock; null: another process holds it
         * @throws IOException if the file system has no locks
         */
        @Nullable
        FileLock tryLock(FileChannel channel) throws IOException;
    }

    /** The outcome of an attempt. */
    public enum Outcome {
        /** The process holds the lock until it closes the channel. */
        TAKEN,
        /** Another process, or this one, holds the lock. */
        HELD,
        /** The file system has no locks, and no process of this computer holds the file. */
        UNLOCKABLE
    }

    /** Makes locks of the operating system. */
    public ProcessLock() {
        this(FileChannel::tryLock);
    }

    /**
     * Makes locks in a given way.
     *
     * @param locking locks a file
     */
    public ProcessLock(Locking locking) {
        this.locking = locking;
    }

    /**
     * Tries to lock a file.
     *
     * @param channel for reading and writing
     * @return the outcome
     * @throws IOException if the file cannot be read
     */
    public Outcome attempt(FileChannel channel) throws IOException {
        try {
            return locking.tryLock(channel) == null ? Outcome.HELD : Outcome.TAKEN;
        } catch (OverlappingFileLockException e) {
            return Outcome.HELD;
        } catch (IOException e) {
            Map<String, String> holder = read(channel);
            return isHere(holder) && isAlive(holder) ? Outcome.HELD : Outcome.UNLOCKABLE;
        }
    }

    /**
     * Tries to lock a file for half a second.
     *
     * @param channel for reading and writing
     * @return the outcome of the last attempt
     * @throws IOException if the file cannot be read
     */
    public Outcome await(FileChannel channel) throws IOException {
        Outcome outcome = attempt(channel);
        for (int tries = 0; outcome == Outcome.HELD && tries < TRIES; tries++) {
            LockSupport.parkNanos(TRY_NANOS);
            outcome = attempt(channel);
        }
        return outcome;
    }

    /**
     * Returns whether the process that the content of a file names may run on another computer.
     *
     * @param holder content of the file
     * @return false if it names no process
     * @throws IOException if the name of this computer cannot be read
     */
    public static boolean isElsewhere(Map<String, String> holder) throws IOException {
        return holder.containsKey(HOST) && !isHere(holder);
    }

    private static boolean isHere(Map<String, String> holder) throws IOException {
        return host().equals(holder.get(HOST));
    }

    /** A later process may have the same process id. */
    private static boolean isAlive(Map<String, String> holder) {
        try {
            Instant noted = Instant.parse(holder.getOrDefault(STARTED, "")).plusSeconds(1);
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(holder.getOrDefault(PID, "")));
            return process.filter(ProcessHandle::isAlive)
                    .flatMap(found -> found.info().startInstant())
                    .filter(start -> !start.isAfter(noted))
                    .isPresent();
        } catch (RuntimeException e) {
            return false; // the content is incomplete: its writer was killed
        }
    }

    /**
     * Reads the content of a file.
     *
     * @param channel of the file
     * @return values by name
     * @throws IOException if the file cannot be read
     */
    public static Map<String, String> read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_CONTENT_BYTES);
        channel.read(bytes, 0);
        Map<String, String> holder = new TreeMap<>();
        String content = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        for (String line : content.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                holder.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return holder;
    }

    /**
     * Writes the content: this process, and what else is given.
     *
     * @param channel of the file
     * @param run id of the run
     * @throws IOException if the file cannot be written
     */
    public static void write(FileChannel channel, String run) throws IOException {
        String content = PID + "=" + ProcessHandle.current().pid() + "\n" + HOST + "=" + host() + "\nrun=" + run + "\n"
                + STARTED + "=" + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n";
        channel.truncate(0);
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Returns the name of this computer. Asks the kernel first, because a look-up can wait seconds for a name server.
     *
     * @return the host name
     * @throws IOException if it cannot be found
     */
    public static String host() throws IOException {
        Path kernel = Path.of("/proc/sys/kernel/hostname");
        return Files.isReadable(kernel)
                ? Files.readString(kernel).strip()
                : InetAddress.getLocalHost().getHostName();
    }
}
