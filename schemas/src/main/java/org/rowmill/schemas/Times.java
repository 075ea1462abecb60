package org.rowmill.schemas;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as users write them: a number and a unit. */
public final class Times {

    /** What a message says was expected. */
    public static final String EXPECTED = "a time such as 15s, 500ms, 2m or 1h";

    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m|h)");

    private Times() {}

    /**
     * Reads a time.
     *
     * @param text such as {@code 15s}
     * @return more than 0; empty when it is none
     */
    public static Optional<Duration> parse(String text) {
        Matcher time = TIME.matcher(text.strip());
        if (!time.matches() || Long.parseLong(time.group(1)) == 0) {
            return Optional.empty();
        }
        long number = Long.parseLong(time.group(1));
        return Optional.of(
                switch (time.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                });
    }

    /**
     * Writes a time in the largest unit that needs no fraction.
     *
     * @param time 0 or more
     * @return such as {@code 15s}
     */
    public static String text(Duration time) {
        long millis = time.toMillis();
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1_000;
        if (seconds % 3_600 == 0 && seconds > 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
