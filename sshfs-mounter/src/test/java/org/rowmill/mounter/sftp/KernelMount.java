package org.rowmill.mounter.sftp;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.rowmill.mounter.node.Mount;
import org.rowmill.mounter.ssh.TestSshd;
import org.rowmill.schemas.Threads;

/** What the kernel of a node shows of a server: {@code sshfs} as {@link Mount} starts it, on pipes instead of an SSH connection. */
final class KernelMount implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final Process sshfs;
    private final Optional<Process> server;

    /** Mounts what a server in this JVM serves; the directory is made. */
    static KernelMount of(SharedDirectory shared, Path directory) throws IOException {
        Process sshfs = sshfs("/", directory);
        SftpServer server = new SftpServer(shared, sshfs.getInputStream(), sshfs.getOutputStream(), new Traffic());
        Threads.startDaemon("test-sftp", server::serve);
        return new KernelMount(directory, sshfs, Optional.empty());
    }

    /** Mounts what a process serves, which is ended with the mount. */
    static KernelMount of(Process server, String path, Path directory) throws IOException {
        Process sshfs = sshfs(path, directory);
        Threads.startDaemon("test-requests", () -> relay(sshfs.getInputStream(), server.getOutputStream()));
        Threads.startDaemon("test-replies", () -> relay(server.getInputStream(), sshfs.getOutputStream()));
        return new KernelMount(directory, sshfs, Optional.of(server));
    }

    private KernelMount(Path directory, Process sshfs, Optional<Process> server) {
        this.directory = directory;
        this.sshfs = sshfs;
        this.server = server;
        try {
            await().atMost(PATIENCE).until(this::isMounted);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Process sshfs(String path, Path directory) throws IOException {
        Files.createDirectory(directory);
        String known = TestSshd.run("sh", "-c", "sshfs -h 2>&1; true");
        String newer = known.contains("no_contain_symlinks") ? ",no_contain_symlinks" : "";
        return new ProcessBuilder("sshfs", ":" + path, directory.toString(), "-o", Mount.OPTIONS + newer)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void relay(InputStream in, OutputStream out) {
        byte[] buffer = new byte[64 << 10];
        try (in;
                out) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            // One of the two has ended; so will the other.
        }
    }

    private boolean isMounted() throws IOException {
        return Files.readString(Path.of("/proc/mounts")).contains(" " + directory.toRealPath() + " fuse");
    }

    /** Where it is mounted. */
    Path directory() {
        return directory;
    }

    /** What a script prints in a directory, errors included; it must end well. */
    static String sh(Path directory, String script) {
        return TestSshd.run(
                "sh", "-c", "cd \"$0\" && export LC_ALL=C && { " + script + "\n} 2>&1", directory.toString());
    }

    @Override
    public void close() {
        TestSshd.run(
                "sh", "-c", "fusermount3 -u -z \"$0\" 2>&1 || ! grep -q \" $0 \" /proc/mounts", directory.toString());
        end(sshfs);
        server.ifPresent(KernelMount::end);
    }

    private static void end(Process process) {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException(process.info() + " has not ended by itself");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
