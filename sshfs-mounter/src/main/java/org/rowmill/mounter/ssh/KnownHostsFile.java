package org.rowmill.mounter.ssh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * OpenSSH's known_hosts file: plain and hashed names, patterns, ports, {@code @revoked}. Lines are only added, each
 * with one write and under a lock of the file: several sessions and several heads can add lines at the same time.
 * {@code @cert-authority} lines are ignored.
 */
record KnownHostsFile(Path path) {

    private static final String HASHED = "|1|";

    /** Locks between the threads of this process. A file lock works between processes only. */
    private static final ReentrantLock ADDING = new ReentrantLock();

    /** What the file says about a key. */
    enum Match {
        KNOWN,
        /** The file has no key of this host. */
        UNKNOWN,
        /** The file has other keys of this host, of any type. */
        CHANGED,
        REVOKED
    }

    /** A valid line. The key is in Base64. */
    record Entry(String marker, String names, String key) {

        boolean isRevoked() {
            return marker.equals("@revoked");
        }

        private boolean isFor(String name) {
            return names.startsWith(HASHED) ? hash(names, name) : SshConfig.matches(List.of(names.split(",")), name);
        }

        private static boolean hash(String names, String name) {
            String[] parts = names.split("\\|");
            if (parts.length != 4) {
                return false;
            }
            try {
                Mac mac = Mac.getInstance("HmacSHA1");
                mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), "HmacSHA1"));
                byte[] hash = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
                return Arrays.equals(hash, Base64.getDecoder().decode(parts[3]));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                return false;
            }
        }
    }

    Match match(String name, byte[] key) throws IOException {
        return match(read(), name, key);
    }

    List<Entry> entries(String name) throws IOException {
        return entries(read(), name);
    }

    private List<Entry> read() throws IOException {
        try {
            return parse(Files.readAllLines(path, StandardCharsets.ISO_8859_1).stream());
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /**
     * Returns the entries of a host. Entries for the host without the port are included if there are none with the
     * port, and always if they are revoked.
     */
    private static List<Entry> entries(List<Entry> all, String name) {
        List<Entry> own = all.stream().filter(entry -> entry.isFor(name)).toList();
        String bare = bare(name);
        boolean known = own.stream().anyMatch(entry -> !entry.isRevoked());
        return all.stream()
                .filter(entry -> entry.isFor(name) || (entry.isFor(bare) && (!known || entry.isRevoked())))
                .toList();
    }

    private static String bare(String name) {
        int end = name.indexOf("]:");
        return name.startsWith("[") && end > 0 ? name.substring(1, end) : name;
    }

    /** Adds a key, unless the host has one by now. Returns what the file says about the key afterwards. */
    Match add(String name, byte[] key) throws IOException {
        createDirectory();
        ADDING.lock();
        // A second channel, because an appending channel cannot read. Both stay open: closing any channel of a file
        // releases all locks that this process has on the file.
        try (FileChannel out = FileChannel.open(
                        path,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                FileChannel in = FileChannel.open(path)) {
            out.lock();
            String text = new String(Channels.newInputStream(in).readAllBytes(), StandardCharsets.ISO_8859_1);
            Match match = match(parse(text.lines()), name, key);
            if (match != Match.UNKNOWN) {
                return match;
            }
            String start = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
            String line =
                    start + name + " " + type(key) + " " + Base64.getEncoder().encodeToString(key) + "\n";
            out.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            return Match.KNOWN;
        } finally {
            ADDING.unlock();
        }
    }

    private void createDirectory() throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /**
     * Compares a key with the entries, as ssh does: a key that is listed for the host without the port is accepted too,
     * but another key listed there does not mean that the key has changed.
     */
    private static Match match(List<Entry> entries, String name, byte[] key) {
        List<Entry> own = entries.stream().filter(entry -> entry.isFor(name)).toList();
        String bare = bare(name);
        List<Entry> both = entries.stream()
                .filter(entry -> entry.isFor(name) || entry.isFor(bare))
                .toList();
        if (has(both, key, true)) {
            return Match.REVOKED;
        }
        if (has(both, key, false)) {
            return Match.KNOWN;
        }
        return own.stream().allMatch(Entry::isRevoked) ? Match.UNKNOWN : Match.CHANGED;
    }

    private static boolean has(List<Entry> entries, byte[] key, boolean revoked) {
        String text = Base64.getEncoder().encodeToString(key);
        return entries.stream().anyMatch(entry -> entry.isRevoked() == revoked && entry.key.equals(text));
    }

    private static List<Entry> parse(Stream<String> lines) {
        List<Entry> entries = new ArrayList<>();
        lines.map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> line.split("\\s+"))
                .forEach(words -> parse(words, entries));
        return entries;
    }

    private static void parse(String[] words, List<Entry> entries) {
        int first = words[0].startsWith("@") ? 1 : 0;
        if (words.length < first + 3 || words[0].equals("@cert-authority")) {
            return;
        }
        try {
            byte[] key = Base64.getDecoder().decode(words[first + 2]);
            if (type(key).equals(words[first + 1])) {
                entries.add(new Entry(
                        first == 1 ? words[0] : "",
                        words[first],
                        Base64.getEncoder().encodeToString(key)));
            }
        } catch (IllegalArgumentException e) {
            // ssh also ignores lines that it does not understand.
        }
    }

    /** Returns the type of a key. Its bytes begin with the length of the type and the type. */
    static String type(byte[] key) {
        if (key.length < 4) {
            return "";
        }
        int length = ByteBuffer.wrap(key).getInt();
        return length < 0 || length > key.length - 4 ? "" : new String(key, 4, length, StandardCharsets.US_ASCII);
    }
}
