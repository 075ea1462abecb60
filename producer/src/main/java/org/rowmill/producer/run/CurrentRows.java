package org.rowmill.producer.run;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.dispatch.InFlightRows;

/** The rows in flight of the table that is being computed; none before the first table. Thread-safe. */
final class CurrentRows {

    private volatile @Nullable InFlightRows rows;

    void set(InFlightRows ofNextTable) {
        rows = ofNextTable;
    }

    Optional<InFlightRows> get() {
        return Optional.ofNullable(rows);
    }

    int count() {
        return get().map(current -> current.counts().inFlight()).orElse(0);
    }

    boolean isFinished() {
        return get().map(InFlightRows::isFinished).orElse(true);
    }
}
