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

/** A mount like on a node: {@code sshfs} as {@link Mount} starts it, on pipes instead of an SSH connection. */
final class KernelMount implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path directory;
    private final Process sshfs;
    private final Optional<Process> server;

    /** Makes a directory and mounts there what a server in this JVM serves. */
    static KernelMount of(SharedDirectory shared, Path directory) throws IOException {
        Process sshfs = sshfs("/", directory);
        SftpServer server = new SftpServer(shared, sshfs.getInputStream(), sshfs.getOutputStream(), new Traffic());
        Threads.startDaemon("test-sftp", server::serve);
        return new KernelMount(directory, sshfs, Optional.empty());
    }

    /** Makes a directory and mounts there what a process serves. The process ends with the mount. */
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
            await().atMost(LIMIT).until(this::isMounted);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Process sshfs(String path, Path directory) throws IOException {
        Files.createDirectory(directory);
        String known = TestSshd.run("sh", "-c", "sshfs -h 2>&1; true");
        String newer = (known.contains("no_contain_symlinks") ? ",no_contain_symlinks" : "")
                + (known.contains("renamexdev") ? ",workaround=renamexdev" : "");
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
            // One of the two processes has ended, and the other one will.
        }
    }

    private boolean isMounted() throws IOException {
        return Files.readString(Path.of("/proc/mounts")).contains(" " + directory.toRealPath() + " fuse");
    }

    /** Returns the mount point. */
    Path directory() {
        return directory;
    }

    /** Runs a script in a directory and returns its output and errors. It must end with exit code 0. */
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
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException(process.info() + " has not ended by itself");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
