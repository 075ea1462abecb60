package org.rowmill.mounter.ssh.config;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Patterns of names with {@code *} and {@code ?}, as in the SSH configuration and in known_hosts. */
public final class NamePatterns {

    private NamePatterns() {}

    /**
     * Matches a name against patterns. A pattern with a leading {@code !} excludes the name.
     *
     * @param patterns of which one must match
     * @param name compared without regard to case
     * @return whether a pattern matches and none excludes the name
     */
    public static boolean match(List<String> patterns, String name) {
        boolean found = false;
        for (String pattern : patterns) {
            boolean negated = pattern.startsWith("!");
            if (glob(negated ? pattern.substring(1) : pattern).matcher(name).matches()) {
                if (negated) {
                    return false;
                }
                found = true;
            }
        }
        return found;
    }

    static Pattern glob(String pattern) {
        String regex = pattern.chars()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining());
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    }
}
