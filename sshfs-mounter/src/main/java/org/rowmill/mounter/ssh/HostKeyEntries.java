package org.rowmill.mounter.ssh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.rowmill.mounter.ssh.config.NamePatterns;

/**
 * Lines of known_hosts files: plain and hashed names, patterns, ports, {@code @revoked} and {@code @cert-authority}.
 */
record HostKeyEntries(List<Entry> entries) {

    static final HostKeyEntries NONE = new HostKeyEntries(List.of());

    private static final String HASHED = "|1|";
    private static final int SALT_BYTES = 20;

    HostKeyEntries {
        entries = List.copyOf(entries);
    }

    /** What the lines say about a key. */
    enum Match {
        KNOWN,
        /** There is no key of this host. */
        UNKNOWN,
        /** There are other keys of this host, of any type. */
        CHANGED,
        REVOKED
    }

    /** A valid line. The key is in Base64. */
    record Entry(String marker, String names, String key) {

        boolean isRevoked() {
            return marker.equals("@revoked");
        }

        boolean isAuthority() {
            return marker.equals("@cert-authority");
        }

        boolean isKey() {
            return marker.isEmpty();
        }

        private boolean isFor(String name) {
            return names.startsWith(HASHED) ? hash(names, name) : NamePatterns.match(List.of(names.split(",")), name);
        }

        private static boolean hash(String names, String name) {
            String[] parts = names.split("\\|");
            if (parts.length != 4) {
                return false;
            }
            try {
                byte[] salt = Base64.getDecoder().decode(parts[2]);
                return Arrays.equals(hmac(salt, name), Base64.getDecoder().decode(parts[3]));
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }

    /** Reads lines, and ignores those that ssh ignores too. */
    static HostKeyEntries parse(Stream<String> lines) {
        List<Entry> entries = new ArrayList<>();
        lines.map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> line.split("\\s+"))
                .forEach(words -> parse(words, entries));
        return new HostKeyEntries(entries);
    }

    private static void parse(String[] words, List<Entry> entries) {
        int first = words[0].startsWith("@") ? 1 : 0;
        if (words.length < first + 3) {
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

    /** Reads a file of keys without names: each is revoked for all hosts. */
    static HostKeyEntries revoked(Stream<String> lines) {
        List<Entry> entries = new ArrayList<>();
        lines.map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(line -> parse(("@revoked * " + line).split("\\s+"), entries));
        return new HostKeyEntries(entries);
    }

    HostKeyEntries plus(HostKeyEntries more) {
        List<Entry> all = new ArrayList<>(entries);
        all.addAll(more.entries);
        return new HostKeyEntries(all);
    }

    /**
     * Returns the entries of a host. Keys for the host without the port are included if there are none with the port.
     * Authorities and revoked keys for the host without the port always count.
     */
    List<Entry> of(String name) {
        String bare = bare(name);
        boolean known = entries.stream().anyMatch(entry -> entry.isKey() && entry.isFor(name));
        return entries.stream()
                .filter(entry -> entry.isFor(name)
                        || (entry.isFor(bare) && (entry.isRevoked() || entry.isAuthority() || !known)))
                .toList();
    }

    /**
     * Compares a key with the entries, as ssh does: a key that is listed for the host without the port is accepted too,
     * but another key listed there does not mean that the key has changed.
     */
    Match match(String name, byte[] key) {
        String bare = bare(name);
        List<Entry> both = entries.stream()
                .filter(entry -> entry.isFor(name) || entry.isFor(bare))
                .toList();
        String text = Base64.getEncoder().encodeToString(key);
        if (both.stream().anyMatch(entry -> entry.isRevoked() && entry.key.equals(text))) {
            return Match.REVOKED;
        }
        if (both.stream().anyMatch(entry -> entry.isKey() && entry.key.equals(text))) {
            return Match.KNOWN;
        }
        return entries.stream().anyMatch(entry -> entry.isKey() && entry.isFor(name)) ? Match.CHANGED : Match.UNKNOWN;
    }

    private static String bare(String name) {
        int end = name.indexOf("]:");
        return name.startsWith("[") && end > 0 ? name.substring(1, end) : name;
    }

    /** Hashes a name with a random salt, as HashKnownHosts does. */
    static String hashed(String name) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        Base64.Encoder encoder = Base64.getEncoder();
        return HASHED + encoder.encodeToString(salt) + "|" + encoder.encodeToString(hmac(salt, name));
    }

    private static byte[] hmac(byte[] salt, String name) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(salt, "HmacSHA1"));
            return mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
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
