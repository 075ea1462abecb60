package org.rowmill.mounter.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * OpenSSH's known_hosts file. Lines are only added, each with one write and under a lock of the file: several sessions
 * and several heads can add lines at the same time.
 */
record KnownHostsFile(Path path) {

    /** Locks between the threads of this process. A file lock works between processes only. */
    private static final ReentrantLock ADDING = new ReentrantLock();

    /** Returns the valid lines; none if the file does not exist. */
    HostKeyEntries read() throws IOException {
        try (Stream<String> lines = Files.lines(path, StandardCharsets.ISO_8859_1)) {
            return HostKeyEntries.parse(lines);
        } catch (NoSuchFileException e) {
            return HostKeyEntries.NONE;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Adds a key, unless the host has one by now.
     *
     * @param name of the host
     * @param hashed whether the name is hashed in the file
     * @return what the file says about the key afterwards
     */
    HostKeyEntries.Match add(String name, byte[] key, boolean hashed) throws IOException {
        createDirectory();
        ADDING.lock();
        // A second channel, because an appending channel cannot read. Both stay open: closing any channel of a file
        // releases all locks that this process has on the file.
        try (FileChannel out = FileChannel.open(
                        path,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                FileChannel in = FileChannel.open(path)) {
            lockIfPossible(out);
            String text = new String(Channels.newInputStream(in).readAllBytes(), StandardCharsets.ISO_8859_1);
            HostKeyEntries.Match match = HostKeyEntries.parse(text.lines()).match(name, key);
            if (match != HostKeyEntries.Match.UNKNOWN) {
                return match;
            }
            String start = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
            String line = start + (hashed ? HostKeyEntries.hashed(name) : name) + " " + HostKeyEntries.type(key) + " "
                    + Base64.getEncoder().encodeToString(key) + "\n";
            out.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            return HostKeyEntries.Match.KNOWN;
        } finally {
            ADDING.unlock();
        }
    }

    /** Some file systems have no locks; ssh itself takes none. The lock ends with the channel. */
    private static void lockIfPossible(FileChannel channel) {
        try {
            channel.lock();
        } catch (IOException e) {
            return;
        }
    }

    private void createDirectory() throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }
}
