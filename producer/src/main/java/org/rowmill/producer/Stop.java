package org.rowmill.producer;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Whether the run is to end before all rows are computed, and why; the first reason stays. Thread-safe. */
final class Stop {

    /**
     * Why, and with which exit code.
     *
     * @param message what a person reads
     * @param exitCode 1, 2 or 130
     */
    record Reason(String message, int exitCode) {}

    private final AtomicReference<Reason> reason = new AtomicReference<>();

    boolean request(String message, int exitCode) {
        return reason.compareAndSet(null, new Reason(message, exitCode));
    }

    boolean isRequested() {
        return reason.get() != null;
    }

    Optional<Reason> reason() {
        return Optional.ofNullable(reason.get());
    }
}
