package org.rowmill.producer.options;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.rowmill.schemas.Times;

/**
 * The value of {@code --timeout}: none, a fixed time, or a time that depends on the rows computed so far.
 *
 * @param isAuto whether the limit depends on the rows computed so far
 * @param fixed the fixed limit; zero: none
 */
public record RowTimeout(boolean isAuto, Duration fixed) {

    /** No time limit. */
    public static final RowTimeout NONE = new RowTimeout(false, Duration.ZERO);

    public RowTimeout {
        Objects.requireNonNull(fixed);
    }

    /** Parses the value of the option; empty if it is invalid. */
    public static Optional<RowTimeout> parse(String text) {
        return switch (text.strip()) {
            case "none" -> Optional.of(NONE);
            case "auto" -> Optional.of(new RowTimeout(true, Duration.ZERO));
            default -> Times.parse(text).map(time -> new RowTimeout(false, time));
        };
    }
}
