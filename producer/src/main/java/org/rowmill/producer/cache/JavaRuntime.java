package org.rowmill.producer.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

    private static final long TIMEOUT_MINUTES = 3;
    private static final Map<String, String> MACHINES = Map.of("amd64", "x86_64", "aarch64", "aarch64");

    private final int oldest;
    private final String reason;
    private @Nullable NodeFile runtime;

    /**
     * Creates a runtime, which is made when the first node needs it.
     *
     * @param oldest the oldest Java that a node may use, 17 or newer
     * @param reason what needs it; empty: Rowmill
     */
    public JavaRuntime(int oldest, String reason) {
        this.oldest = oldest;
        this.reason = reason;
    }

    @Override
    public int oldest() {
        return oldest;
    }

    @Override
    public synchronized NodeFile forNode(NodeProbe probe) throws NodeFault, InterruptedException {
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
        try {
            if (runtime == null) {
                runtime = NodeFile.of(archive(), ".tar.gz");
            }
            return runtime;
        } catch (IOException e) {
            throw fault(probe, "no runtime can be made from the head's Java: " + e.getMessage());
        }
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

    private static Path archive() throws IOException, InterruptedException {
        String version = Runtime.version().toString().replaceAll("[^A-Za-z0-9.+-]", "_");
        Path archive = UserCache.directory().resolve("runtime-" + version + ".tar.gz");
        if (Files.exists(archive)) {
            return archive;
        }
        Path work = Files.createTempDirectory(Files.createDirectories(archive.getParent()), "runtime");
        try {
            Path image = work.resolve("jre");
            run(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                    "--add-modules",
                    MODULES,
                    "--strip-debug",
                    "--no-header-files",
                    "--no-man-pages",
                    "--output",
                    image.toString()));
            Path packed = work.resolve("jre.tar.gz");
            run(List.of("tar", "czf", packed.toString(), "-C", image.toString(), "."));
            return Files.move(packed, archive, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            RunDirectory.delete(work);
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            if (process.waitFor() != 0) {
                throw new IOException(
                        String.format(Locale.ROOT, "%s ended with exit code %d", command.get(0), process.exitValue()));
            }
        } catch (InterruptedException e) { // the run is over
            process.destroyForcibly().onExit().join(); // so that its files can be deleted
            throw e;
        }
    }
}
