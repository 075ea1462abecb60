package org.rowmill.producer;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A small disk in the mount namespace of a process. It outlives the runs that write to it, and can be filled. */
final class ChaosDisk implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int BLOCK = 4096;

    private final List<String> onHead;
    private final Path directory;
    private final Process holder;
    private final long pid;

    /**
     * Makes the disk.
     *
     * @param testbed whose head sees the disk
     * @param directory an empty directory, where the disk is mounted
     * @param mebibytes size of the disk
     */
    ChaosDisk(Testbed testbed, Path directory, int mebibytes) throws IOException {
        this.onHead = testbed.headPrefix();
        this.directory = directory;
        Path pidFile = Files.createTempFile("rowmill-disk", ".pid");
        try {
            List<String> command = new ArrayList<>(onHead);
            command.addAll(List.of("unshare", "-rm", "sh", "-c"));
            command.add("mount -t tmpfs -o size=\"$2\"m none \"$0\" && echo $$ >\"$1\" && exec sleep infinity");
            command.addAll(List.of(directory.toString(), pidFile.toString(), Integer.toString(mebibytes)));
            holder = new ProcessBuilder(command).inheritIO().start();
            await().atMost(LIMIT).until(() -> Files.readString(pidFile).endsWith("\n"));
            pid = Long.parseLong(Files.readString(pidFile).strip());
        } finally {
            Files.delete(pidFile);
        }
    }

    /** Returns a command prefix that runs a command in the head's network with the disk. */
    String[] prefix() {
        List<String> command = new ArrayList<>(onHead);
        command.addAll(List.of("nsenter", "--preserve-credentials", "-U", "-m", "-t", Long.toString(pid), "--"));
        return command.toArray(String[]::new);
    }

    /** Returns the path of the disk for processes that see it. */
    Path directory() {
        return directory;
    }

    /** Returns the path of the disk for all other processes. */
    Path seen() {
        return Path.of("/proc/" + pid + "/root" + directory);
    }

    /** Fills the disk. */
    void fill() {
        try (OutputStream out = Files.newOutputStream(other())) {
            while (true) {
                out.write(new byte[BLOCK]);
            }
        } catch (IOException e) {
            return; // it is full
        }
    }

    void free() {
        try {
            Files.deleteIfExists(other());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path other() {
        return seen().resolve("other");
    }

    @Override
    public void close() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        holder.destroyForcibly();
        await().atMost(LIMIT).until(() -> !holder.isAlive());
    }
}
