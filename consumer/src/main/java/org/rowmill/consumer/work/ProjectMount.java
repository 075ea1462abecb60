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
 * The project on a node that mounts it. A row that fails since the mount has gone has not failed: it is another consumer's. This one
 * is about to be killed by the node's guard, and until then the row's transaction stays open. Thread-safe.
 */
public final class ProjectMount {

    /** The guard looks each second, and what hangs is known within 10. */
    private static final Duration KILL = Duration.ofSeconds(15);

    private final Optional<Mounted> mounted;
    private final Duration limit;
    private final AtomicLong looks = new AtomicLong();

    private record Mounted(Path root, @Nullable Object device) {}

    private ProjectMount(Optional<Mounted> mounted, Duration limit) {
        this.mounted = mounted;
        this.limit = limit;
    }

    /** A project that is here whatever happens. */
    public static ProjectMount none() {
        return new ProjectMount(Optional.empty(), KILL);
    }

    /** A project that may go. */
    public static ProjectMount at(Path root) throws IOException {
        return at(root, KILL);
    }

    public static ProjectMount at(Path root, Duration limit) throws IOException {
        return new ProjectMount(Optional.of(new Mounted(root, key(root))), limit);
    }

    /** Comes back at once where the project is there; where not, only if nobody kills this process. */
    void holdIfLost() {
        if (mounted.isPresent() && isLost(mounted.get())) {
            long end = System.nanoTime() + limit.toNanos();
            while (System.nanoTime() < end) {
                Thread.interrupted(); // one that the column left behind does not shorten it
                LockSupport.parkNanos(end - System.nanoTime());
            }
        }
    }

    /** Asks for a name that no cache can know; what is under a mount that was unmounted is another directory. */
    private boolean isLost(Mounted project) {
        Path name = project.root()
                .resolve(".rowmill-lost-" + ProcessHandle.current().pid() + "-" + looks.getAndIncrement());
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
            Object now = key(project.root());
            return now == null || now.equals(project.device());
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable Object key(Path root) throws IOException {
        return Files.readAttributes(root, BasicFileAttributes.class).fileKey();
    }
}
