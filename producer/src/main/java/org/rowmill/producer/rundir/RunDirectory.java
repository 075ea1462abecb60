package org.rowmill.producer.rundir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.ProcessLock;
import org.rowmill.schemas.WrongInput;

/**
 * The state of one run under {@code PROJECT/.rowmill/}: {@code run-<id>}, which is deleted when the run ends, and
 * {@code logs/<id>}, which is kept. A new run deletes the state of killed runs: a run that is alive holds a lock.
 */
public final class RunDirectory implements AutoCloseable {

    /** Name of the directory in the project. It is not mounted on nodes. */
    public static final String NAME = ".rowmill";

    private static final String PREFIX = "run-";
    private static final String LOCK = "lock";
    private static final int LOGS_KEPT = 20;
    private static final Duration TOLERANCE = Duration.ofSeconds(2);
    private static final Duration LONGEST_CREATION = Duration.ofMinutes(1);
    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Path state;
    private final Path logs;
    private final FileChannel lock;

    private RunDirectory(Path state, Path logs, FileChannel lock) {
        this.state = state;
        this.logs = logs;
        this.lock = lock;
    }

    /**
     * Creates the directories of a run and deletes those of killed runs.
     *
     * @throws WrongInput if the project cannot be written
     */
    public static RunDirectory create(Path project, String run) {
        Path root = project.resolve(NAME);
        try {
            Files.createDirectories(root);
            deleteKilled(project);
            Path state = ownerOnly(root.resolve(PREFIX + run));
            Path logs = ownerOnly(root.resolve("logs").resolve(run));
            keepNewest(root.resolve("logs"));
            FileChannel lock = open(state.resolve(LOCK));
            new ProcessLock().await(lock); // another run may hold it for a moment, to see whether this one is alive
            ProcessLock.write(lock, run);
            return new RunDirectory(state, logs, lock);
        } catch (IOException e) {
            throw unwritable(project, e);
        }
    }

    /** Returns the error for a state directory that cannot be written. */
    public static WrongInput unwritable(Path project, IOException e) {
        WrongInput fault = new WrongInput(project.resolve(NAME)
                + ": the state and the logs of the run cannot be written here (" + e
                + "). Free disk space, or make the project writable");
        fault.initCause(e);
        return fault;
    }

    /** Returns the directory that is deleted when the run ends. */
    public Path state() {
        return state;
    }

    /** Returns the directory that is kept. */
    public Path logs() {
        return logs;
    }

    @Override
    public void close() throws IOException {
        delete(state);
        lock.close();
    }

    private static Path ownerOnly(Path directory) throws IOException {
        Files.createDirectories(directory);
        try {
            Files.setPosixFilePermissions(directory, OWNER_ONLY);
        } catch (IOException | UnsupportedOperationException e) {
            return directory; // a file system without permissions, such as SMB; others were set when it was mounted
        }
        return directory;
    }

    private static FileChannel open(Path lock) throws IOException {
        return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /**
     * Deletes the state of killed runs. A project that was never run has none.
     *
     * @throws IOException if it cannot be read or deleted
     */
    public static void deleteKilled(Path project) throws IOException {
        Path root = project.resolve(NAME);
        if (!Files.isDirectory(root)) {
            return;
        }
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(root, PREFIX + "*")) {
            for (Path run : runs) {
                if (isDead(run)) {
                    delete(run);
                }
            }
        }
    }

    private static boolean isDead(Path run) throws IOException {
        return isDead(run, new ProcessLock());
    }

    /** Where locks may not reach other computers, the state of a run on another computer is never deleted: that run may be alive. */
    static boolean isDead(Path run, ProcessLock locks) throws IOException {
        Path file = run.resolve(LOCK);
        if (!Files.exists(file)) {
            return isOld(run); // either the run is creating it, or the run was killed before it took the lock
        }
        try (FileChannel channel = open(file)) {
            ProcessLock.Outcome outcome = locks.attempt(channel);
            Map<String, String> holder = ProcessLock.read(channel);
            if (outcome == ProcessLock.Outcome.HELD || ProcessLock.isElsewhere(holder)) {
                return false; // some file systems lock on this computer only
            }
            return outcome == ProcessLock.Outcome.TAKEN || !holder.isEmpty() || isOld(run);
        } catch (NoSuchFileException e) { // another run has just deleted it
            return false;
        }
    }

    private static boolean isOld(Path run) throws IOException {
        return Files.exists(run)
                && Files.getLastModifiedTime(run)
                        .toInstant()
                        .isBefore(Instant.now().minus(LONGEST_CREATION));
    }

    /** Returns the state directories of the runs that are alive. */
    public static List<Path> alive(Path project) throws IOException {
        Path root = project.resolve(NAME);
        List<Path> alive = new ArrayList<>();
        if (Files.isDirectory(root)) {
            try (DirectoryStream<Path> runs = Files.newDirectoryStream(root, PREFIX + "*")) {
                for (Path run : runs) {
                    if (!isDead(run)) {
                        alive.add(run);
                    }
                }
            }
        }
        return alive;
    }

    /**
     * The time in which a run may have written files.
     *
     * @param start when it began
     * @param end when it wrote its last line to its logs
     */
    public record Period(Instant start, Instant end) {

        /** Whether a time is in the period, or within two seconds of it: file systems and clocks are not exact. */
        public boolean contains(Instant time) {
            return !time.isBefore(start.minus(TOLERANCE)) && !time.isAfter(end.plus(TOLERANCE));
        }
    }

    /** Returns when the runs whose logs are kept, and can be read, were active. */
    public static List<Period> periods(Path project) throws IOException {
        Path logs = project.resolve(NAME).resolve("logs");
        List<Period> periods = new ArrayList<>();
        if (Files.isDirectory(logs)) {
            try (DirectoryStream<Path> runs = Files.newDirectoryStream(logs)) {
                for (Path run : runs) {
                    Optional<Instant> start = RunId.start(run.getFileName().toString());
                    Optional<Instant> end = start.isPresent() ? lastModified(run) : Optional.empty();
                    end.ifPresent(time -> periods.add(new Period(start.orElseThrow(), time)));
                }
            }
        }
        return periods;
    }

    /** Returns when a file of a directory was modified last; empty: it belongs to another user, or was just deleted. */
    private static Optional<Instant> lastModified(Path directory) {
        Instant last = Instant.EPOCH;
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Instant time = Files.getLastModifiedTime(path).toInstant();
                last = time.isAfter(last) ? time : last;
            }
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
        return Optional.of(last);
    }

    private static void keepNewest(Path logs) throws IOException {
        try (Stream<Path> all = Files.list(logs)) {
            // run ids sort by time
            all.sorted(Comparator.reverseOrder()).skip(LOGS_KEPT).forEach(old -> {
                try {
                    delete(old);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** Deletes a directory with everything in it, also while another run deletes it. */
    public static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new Deletion());
    }

    /** Ignores what vanishes meanwhile. Does not follow links. */
    private static final class Deletion extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null && !(failure instanceof NoSuchFileException)) {
                throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
