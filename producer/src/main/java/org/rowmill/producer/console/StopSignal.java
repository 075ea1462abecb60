package org.rowmill.producer.console;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The request to end the run before all rows are computed. Only the first request counts. Thread-safe. */
public final class StopSignal {

    /**
     * Why the run ends.
     *
     * @param message printed at the end of the run
     * @param exitCode exit code of the run
     */
    public record Reason(String message, int exitCode) {}

    private final AtomicReference<Reason> reason = new AtomicReference<>();

    /** Requests the end of the run; returns false if it was requested before. */
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
