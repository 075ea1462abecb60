package org.rowmill.schemas.world;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An environment variable that the user asks for.
 *
 * @param name letters, digits and underscores
 * @param value the value; empty: that of the process that starts the run
 */
public record Variable(String name, Optional<String> value) {

    /** What messages say about the syntax. */
    public static final String EXPECTED = "NAME or NAME=VALUE, with a NAME of letters, digits and underscores";

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** What the scripts on nodes use themselves, and what some shells do not let anybody set. */
    private static final Set<String> OF_SCRIPTS = Set.of(
            "base",
            "before",
            "boot",
            "code",
            "consumer",
            "directory",
            "expected",
            "fields",
            "first",
            "found",
            "group",
            "head_watch",
            "heartbeat",
            "last",
            "left",
            "left_boot",
            "left_seat",
            "line",
            "locale",
            "mask",
            "missing",
            "mount",
            "mount_watch",
            "name",
            "named",
            "old_mount",
            "pauses",
            "pid",
            "point",
            "probes",
            "process",
            "returned",
            "seat",
            "seconds",
            "silent",
            "sshfs",
            "state",
            "tenths",
            "text",
            "timeout",
            "token",
            "value",
            "variables",
            "waited",
            "writer",
            "IFS",
            "OPTIND",
            "UID",
            "EUID",
            "PPID",
            "SHELLOPTS",
            "BASHOPTS",
            "BASH_VERSINFO");

    private static final String PLAIN = "_-+=:,./@";

    /** Checks the name. */
    public Variable {
        Objects.requireNonNull(value);
        if (!NAME.matcher(name).matches() || value.orElse("").indexOf('\0') >= 0) {
            throw new IllegalArgumentException("expected " + EXPECTED + ", not '" + name + "'");
        }
        if (OF_SCRIPTS.contains(name)) {
            throw new IllegalArgumentException("the shell on nodes uses '" + name + "' itself; expected another NAME");
        }
    }

    /**
     * Parses {@code NAME} or {@code NAME=VALUE}.
     *
     * @param text the text
     * @return the variable
     * @throws IllegalArgumentException if the text is something else; the message does not contain a value
     */
    public static Variable parse(String text) {
        int end = text.indexOf('=');
        return end < 0
                ? new Variable(text.strip(), Optional.empty())
                : new Variable(text.substring(0, end).strip(), Optional.of(text.substring(end + 1)));
    }

    /** Leaves out the value, which can be a secret: this text can get into logs. */
    @Override
    public String toString() {
        return name;
    }

    /** Returns a line for the shell function {@code set_variables}: the name, a space, the value for printf %b. */
    static String line(String name, String value) {
        return name + " " + escaped(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns bytes as text in ASCII, for printf %b of any shell. */
    static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
                text.append(c);
            } else {
                text.append(String.format(Locale.ROOT, "\\0%03o", (int) c));
            }
        }
        return text.toString();
    }
}
