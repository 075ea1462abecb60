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
 * OpenSSH's known_hosts: plain and hashed names, patterns, ports, {@code @revoked}. Lines are only ever added, one write each, under a
 * lock of the file, so that several sessions and several heads can do so at once. {@code @cert-authority} lines are left out.
 */
record KnownHostsFile(Path path) {

    private static final String HASHED = "|1|";

    /** A lock of the file is the process's: this one is between its threads. */
    private static final ReentrantLock ADDING = new ReentrantLock();

    /** What the file says of a key. */
    enum Match {
        KNOWN,
        /** No key of this host is in the file. */
        UNKNOWN,
        /** Others are, of the same type or not. */
        CHANGED,
        REVOKED
    }

    /** A line that counts; its key is in Base64. */
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

    /** Those of the host without the port count where it has none with it, and always when they are revoked. */
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

    /** Adds a key unless the host has one by now. */
    Match add(String name, byte[] key) throws IOException {
        createDirectory();
        ADDING.lock();
        // One channel is for reading only: closing any channel of a file frees all of the process's locks of it, so
        // both stay open.
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

    /** As ssh does: a key that is known for the host without the port will do; another one there says nothing. */
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
            // ssh, too, passes over lines that it does not understand.
        }
    }

    /** The name that a key's bytes begin with, after its length. */
    static String type(byte[] key) {
        if (key.length < 4) {
            return "";
        }
        int length = ByteBuffer.wrap(key).getInt();
        return length < 0 || length > key.length - 4 ? "" : new String(key, 4, length, StandardCharsets.US_ASCII);
    }
}
