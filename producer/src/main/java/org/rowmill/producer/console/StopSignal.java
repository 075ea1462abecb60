package org.rowmill.producer.console;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Whether the run is to end before all rows are computed, and why; the first reason stays. Thread-safe. */
public final class StopSignal {

    /**
     * Why, and with which exit code.
     *
     * @param message what a person reads
     * @param exitCode the run ends with it
     */
    public record Reason(String message, int exitCode) {}

    private final AtomicReference<Reason> reason = new AtomicReference<>();

    public boolean request(String message, int exitCode) {
        return reason.compareAndSet(null, new Reason(message, exitCode));
    }

    public boolean isRequested() {
        return reason.get() != null;
    }

    public Optional<Reason> reason() {
        return Optional.ofNullable(reason.get());
    }
}
