package org.rowmill.producer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

class FailureSummaryTest {

    private final FailureSummary summary = new FailureSummary();

    @Test
    void rowsAreGroupedByErrorMostFrequentFirst() {
        summary.add(List.of("a"), new Failure("size", "java.io.IOException", "gone", "at T.size(T.java:7)", true));
        for (int i = 0; i < 3; i++) {
            summary.add(List.of(i, "x"), new Failure("ratio", "java.lang.ArithmeticException", "/ by zero", "", true));
        }

        assertThat(summary.lines())
                .containsExactly(
                        "  3 x java.lang.ArithmeticException: / by zero in ratio, first row: 0, x",
                        "  1 x java.io.IOException: gone in size (T.java:7), first row: a");
    }

    @Test
    void theSummaryStaysShortIfAllErrorsDiffer() {
        for (int i = 0; i < 5000; i++) {
            summary.add(List.of(i), new Failure("c", "E", "message " + i, "", true));
        }

        assertThat(summary.lines()).hasSize(11).last().isEqualTo("  4990 x other errors");
    }
}
