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

/** A small disk that outlives the runs which write to it, and that can be full: in a mount namespace which a process holds. */
final class ChaosDisk implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int BLOCK = 4096;

    private final List<String> onHead;
    private final Path directory;
    private final Process holder;
    private final long pid;

    /**
     * Makes it.
     *
     * @param testbed in whose head it is seen
     * @param directory where; empty
     * @param mebibytes how large
     */
    ChaosDisk(Testbed testbed, Path directory, int mebibytes) throws IOException {
        this.onHead = testbed.headPrefix();
        this.directory = directory;
        Path told = Files.createTempFile("rowmill-disk", ".pid");
        try {
            List<String> command = new ArrayList<>(onHead);
            command.addAll(List.of("unshare", "-rm", "sh", "-c"));
            command.add("mount -t tmpfs -o size=\"$2\"m none \"$0\" && echo $$ >\"$1\" && exec sleep infinity");
            command.addAll(List.of(directory.toString(), told.toString(), Integer.toString(mebibytes)));
            holder = new ProcessBuilder(command).inheritIO().start();
            await().atMost(LIMIT).until(() -> Files.readString(told).endsWith("\n"));
            pid = Long.parseLong(Files.readString(told).strip());
        } finally {
            Files.delete(told);
        }
    }

    /** Before a command, makes it run in the head's network and see the disk. */
    String[] prefix() {
        List<String> command = new ArrayList<>(onHead);
        command.addAll(List.of("nsenter", "--preserve-credentials", "-U", "-m", "-t", Long.toString(pid), "--"));
        return command.toArray(String[]::new);
    }

    /** Of those who see the disk. */
    Path directory() {
        return directory;
    }

    /** The same for those outside. */
    Path seen() {
        return Path.of("/proc/" + pid + "/root" + directory);
    }

    /** Takes all the room that is left. */
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
