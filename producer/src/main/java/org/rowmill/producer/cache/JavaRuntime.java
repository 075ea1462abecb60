package org.rowmill.producer.cache;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.node.NodeFile;
import org.rowmill.mounter.node.NodeProbe;
import org.rowmill.mounter.node.NodeRuntimes;
import org.rowmill.producer.rundir.RunDirectory;

/**
 * A Java runtime for nodes without Java, made from the head's JDK by {@code jlink} and kept in the user's cache. It
 * runs on nodes with the same operating system, processor and C library as the head. Thread-safe.
 */
public final class JavaRuntime implements NodeRuntimes {

    private static final String MODULES =
            "java.se,jdk.unsupported,jdk.crypto.ec,jdk.zipfs,jdk.charsets,jdk.net,jdk.management,jdk.httpserver";

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration ABANDONED = Duration.ofHours(1);
    private static final long NEEDED_BYTES = 500L << 20;
    private static final String WORK = "runtime-work";
    private static final Map<String, String> MACHINES = Map.of("amd64", "x86_64", "aarch64", "aarch64");

    private final int oldest;
    private final String reason;
    private final Path home;
    private final String searchPath;
    private final Path cache;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable NodeFile runtime;
    private @Nullable Attempt failed;

    /** An attempt that failed. It is repeated only when something has changed. */
    private record Attempt(Conditions conditions, String message) {}

    /**
     * What decides whether a runtime can be made.
     *
     * @param hasModules whether the JDK has {@code jlink} and modules to link
     * @param stripper {@code objcopy} of binutils
     * @param hasSpace whether the disk of the cache has space
     */
    private record Conditions(boolean hasModules, Optional<Path> stripper, boolean hasSpace) {}

    /**
     * Creates runtimes from the JDK of this process. One is made when the first node needs it.
     *
     * @param oldest the oldest Java that a node may use, 17 or newer
     * @param reason what needs it; empty: Rowmill
     */
    public JavaRuntime(int oldest, String reason) {
        this(
                oldest,
                reason,
                Path.of(System.getProperty("java.home")),
                System.getenv().getOrDefault("PATH", ""),
                UserCache.directory());
    }

    /**
     * Creates runtimes.
     *
     * @param oldest the oldest Java that a node may use, 17 or newer
     * @param reason what needs it; empty: Rowmill
     * @param home of a JDK of the same version
     * @param searchPath where {@code objcopy} is looked for
     * @param cache keeps the runtime
     */
    JavaRuntime(int oldest, String reason, Path home, String searchPath, Path cache) {
        this.oldest = oldest;
        this.reason = reason;
        this.home = home;
        this.searchPath = searchPath;
        this.cache = cache;
    }

    @Override
    public int oldest() {
        return oldest;
    }

    /** Waits while another thread makes the runtime; an interrupt ends the wait. */
    @Override
    public NodeFile forNode(NodeProbe probe) throws NodeFault, InterruptedException {
        String own = System.getProperty("os.name") + " " + MACHINES.getOrDefault(System.getProperty("os.arch"), "?")
                + " " + (Files.exists(Path.of("/etc/alpine-release")) ? "musl" : "glibc");
        String node = probe.system().name() + " " + probe.system().machine() + " "
                + probe.system().libc();
        if (Runtime.version().feature() < oldest) {
            throw fault(probe, "the head has Java " + Runtime.version().feature());
        }
        if (!own.equals(node)) {
            throw fault(probe, "the head's Java does not run there (" + own + " here, " + node + " there)");
        }
        lock.lockInterruptibly();
        try {
            return runtime();
        } catch (IOException e) {
            throw fault(probe, "no runtime can be made from the head's Java: " + e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private NodeFile runtime() throws IOException, InterruptedException {
        NodeFile made = runtime;
        if (made != null) {
            return made;
        }
        Conditions conditions = conditions();
        Attempt last = failed;
        if (last != null && last.conditions().equals(conditions)) {
            throw new IOException(last.message());
        }
        try {
            made = NodeFile.of(archive(conditions), ".tar.gz");
            runtime = made;
            return made;
        } catch (IOException e) {
            failed = new Attempt(conditions, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private Conditions conditions() throws IOException {
        Files.createDirectories(cache);
        return new Conditions(
                Files.isExecutable(jlink()) && Files.isDirectory(home.resolve("jmods")),
                stripper(),
                cache.toFile().getUsableSpace() >= NEEDED_BYTES);
    }

    private Path jlink() {
        return home.resolve("bin/jlink");
    }

    private Optional<Path> stripper() {
        return Stream.of(searchPath.split(File.pathSeparator))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, "objcopy"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private NodeFault fault(NodeProbe probe, String why) {
        String has = probe.java().version().isPresent()
                ? "only Java " + probe.java().version().getAsInt()
                : "no Java";
        return new NodeFault(
                ConnectionStep.JAVA,
                "it has " + has + " (" + oldest + " or newer is required" + (reason.isEmpty() ? "" : " by " + reason)
                        + "), and " + why,
                "Install one there, such as the package openjdk-" + oldest + "-jre-headless.");
    }

    private Path archive(Conditions conditions) throws IOException, InterruptedException {
        String version = Runtime.version().toString().replaceAll("[^A-Za-z0-9.+-]", "_");
        Path archive = cache.resolve("runtime-" + version + ".tar.gz");
        if (Files.exists(archive)) {
            return archive;
        }
        deleteAbandoned();
        Path work = Files.createTempDirectory(cache, WORK);
        try {
            Path image = work.resolve("jre");
            link(image, conditions.stripper().isPresent());
            Path packed = work.resolve("jre.tar.gz");
            HelperProgram.run(List.of("tar", "czf", packed.toString(), "-C", image.toString(), "."), work, LIMIT);
            return Files.move(packed, archive, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            RunDirectory.delete(work);
        }
    }

    /** Only native code needs binutils for stripping, and most JDKs have no debug symbols in it. */
    private void link(Path image, boolean stripsNativeCode) throws IOException, InterruptedException {
        try {
            HelperProgram.run(jlink(image, stripsNativeCode), parent(image), LIMIT);
        } catch (IOException e) {
            if (!stripsNativeCode) {
                throw e;
            }
            if (Files.exists(image)) {
                RunDirectory.delete(image);
            }
            HelperProgram.run(jlink(image, false), parent(image), LIMIT);
        }
    }

    private static Path parent(Path image) {
        return Objects.requireNonNull(image.getParent());
    }

    private List<String> jlink(Path image, boolean stripsNativeCode) {
        return List.of(
                jlink().toString(),
                "--add-modules",
                MODULES,
                stripsNativeCode ? "--strip-debug" : "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                image.toString());
    }

    /** Deletes what killed processes have left. */
    private void deleteAbandoned() throws IOException {
        long before = System.currentTimeMillis() - ABANDONED.toMillis();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(cache, WORK + "*")) {
            for (Path left : all) {
                if (Files.getLastModifiedTime(left).toMillis() < before) {
                    RunDirectory.delete(left);
                }
            }
        }
    }
}
