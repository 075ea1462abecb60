package org.rowmill.schemas;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses and formats times: a number and a unit. */
public final class Times {

    /** What messages name as the expected text. */
    public static final String EXPECTED = "a time such as 15s, 500ms, 2m or 1h";

    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m|h)");

    private Times() {}

    /**
     * Parses a time.
     *
     * @param text text such as {@code 15s}
     * @return a time above 0; empty if the text is invalid
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
     * Formats a time in the largest unit that needs no fraction.
     *
     * @param time 0 or more
     * @return text such as {@code 15s}
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
