package org.rowmill.consumer.work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The mounted project directory of a node. If a row fails because the mount is lost, the failure must not reach the
 * head. The node agent is about to kill this consumer; until then the transaction of the row stays open, and another
 * consumer then receives the row. Thread-safe.
 */
public final class ProjectMount {

    /** The node agent checks the mount every second, and finds one that hangs within 10 s. */
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(15);

    private final Optional<Mounted> mounted;
    private final Duration limit;
    private final AtomicLong checks = new AtomicLong();

    private record Mounted(Path root, @Nullable Object fileKey) {}

    private ProjectMount(Optional<Mounted> mounted, Duration limit) {
        this.mounted = mounted;
        this.limit = limit;
    }

    /** Makes a mount for a local project, which cannot be lost. */
    public static ProjectMount none() {
        return new ProjectMount(Optional.empty(), KILLED_WITHIN);
    }

    /** Makes a mount for a project directory that is mounted. */
    public static ProjectMount at(Path root) throws IOException {
        return at(root, KILLED_WITHIN);
    }

    static ProjectMount at(Path root, Duration limit) throws IOException {
        return new ProjectMount(Optional.of(new Mounted(root, key(root))), limit);
    }

    /** Returns immediately if the mount works. Otherwise waits to be killed, and returns after a time limit. */
    void holdIfLost() {
        if (mounted.isPresent() && isLost(mounted.get())) {
            long end = System.nanoTime() + limit.toNanos();
            while (System.nanoTime() < end) {
                Thread.interrupted(); // an interrupt that the column left does not shorten the wait
                LockSupport.parkNanos(end - System.nanoTime());
            }
        }
    }

    /** Reads a name that is in no cache. After an unmount, the directory below the mount has another file key. */
    private boolean isLost(Mounted project) {
        Path name = project.root()
                .resolve(".rowmill-lost-" + ProcessHandle.current().pid() + "-" + checks.getAndIncrement());
        try {
            Files.readAttributes(name, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return false;
        } catch (NoSuchFileException e) {
            return !isSame(project);
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean isSame(Mounted project) {
        try {
            Object current = key(project.root());
            return current == null || current.equals(project.fileKey());
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable Object key(Path root) throws IOException {
        return Files.readAttributes(root, BasicFileAttributes.class).fileKey();
    }
}
