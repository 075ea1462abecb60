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

    /** Counts the rows in flight. */
    int count() {
        return get().map(current -> current.counts().inFlight()).orElse(0);
    }

    /** Whether no row is in flight and no more rows of the table will be published. */
    boolean isFinished() {
        return get().map(InFlightRows::isFinished).orElse(true);
    }
}
