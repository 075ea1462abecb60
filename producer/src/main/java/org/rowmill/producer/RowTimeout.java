package org.rowmill.producer;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.rowmill.schemas.Times;

/**
 * The value of {@code --timeout}: none, a fixed time, or one that follows from the rows computed so far.
 *
 * @param isAuto whether it follows from the rows
 * @param fixed the fixed time; zero: none
 */
record RowTimeout(boolean isAuto, Duration fixed) {

    /** No time limit. */
    static final RowTimeout NONE = new RowTimeout(false, Duration.ZERO);

    /** Checks it. */
    RowTimeout {
        Objects.requireNonNull(fixed);
    }

    /** Parses the value of the option; empty if it is invalid. */
    static Optional<RowTimeout> parse(String text) {
        return switch (text.strip()) {
            case "none" -> Optional.of(NONE);
            case "auto" -> Optional.of(new RowTimeout(true, Duration.ZERO));
            default -> Times.parse(text).map(time -> new RowTimeout(false, time));
        };
    }
}
