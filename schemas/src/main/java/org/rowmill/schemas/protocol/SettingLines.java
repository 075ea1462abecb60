package org.rowmill.schemas.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings as lines of ASCII text: {@code protocol VERSION}, then {@code KEY VALUE} for each value, then a line with a
 * dot. A key can have several values. Values are in base 64, because a path can contain any character except NUL, also line ends. Not thread-safe.
 */
final class SettingLines {

    private static final String PROTOCOL = "protocol";
    private static final String END = ".";

    private static final String EXPECTED = "the settings of a consumer were expected on standard input"
            + " (it is started by producer.jar, not by hand)";

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    void put(String key, Object value) {
        values.computeIfAbsent(key, unused -> new ArrayList<>()).add(value.toString());
    }

    /** Writes the lines, flushes, and leaves the stream open. */
    void writeTo(OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(PROTOCOL)
                .append(' ')
                .append(ConsumerControl.PROTOCOL_VERSION)
                .append('\n');
        values.forEach((key, all) -> all.forEach(
                value -> text.append(key).append(' ').append(encoded(value)).append('\n')));
        out.write(text.append(END).append('\n').toString().getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /**
     * Reads what {@link #writeTo} wrote, and no byte more.
     *
     * @throws IOException if it ends early, is something else, or has another version of the protocol
     */
    static SettingLines readFrom(InputStream in) throws IOException {
        checkVersion(nextLine(in));
        SettingLines read = new SettingLines();
        for (String line = nextLine(in); !line.equals(END); line = nextLine(in)) {
            int space = line.indexOf(' ');
            if (space < 0) {
                throw new IOException(EXPECTED);
            }
            read.put(line.substring(0, space), decoded(line.substring(space + 1)));
        }
        return read;
    }

    private static String nextLine(InputStream in) throws IOException {
        return InputLines.next(in).orElseThrow(() -> new IOException(EXPECTED));
    }

    private static void checkVersion(String line) throws IOException {
        if (!line.startsWith(PROTOCOL + " ")) {
            throw new IOException(EXPECTED);
        }
        String version = line.substring(PROTOCOL.length() + 1);
        if (!version.equals(Integer.toString(ConsumerControl.PROTOCOL_VERSION))) {
            throw new IOException("this consumer.jar uses version " + ConsumerControl.PROTOCOL_VERSION
                    + " of the consumer protocol, but the producer.jar that started it uses version " + version
                    + ". Use the consumer.jar that is packed into that producer.jar");
        }
    }

    private static String encoded(String value) {
        return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String value) throws IOException {
        try {
            return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IOException(EXPECTED + ": " + e.getMessage(), e);
        }
    }

    /** Returns the values of a key, which can be none. */
    List<String> all(String key) {
        return List.copyOf(values.getOrDefault(key, List.of()));
    }

    /** Returns the value of a key that can be absent. */
    Optional<String> optional(String key) throws IOException {
        return values.containsKey(key) ? Optional.of(one(key)) : Optional.empty();
    }

    String one(String key) throws IOException {
        List<String> found = all(key);
        if (found.size() != 1) {
            throw new IOException(EXPECTED + ": one value of " + key + " was expected, not " + found.size());
        }
        return found.get(0);
    }

    int number(String key) throws IOException {
        String value = one(key);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IOException(EXPECTED + ": " + key + ": a number was expected, not \"" + value + "\"", e);
        }
    }
}
