package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InternalErrorsTest {

    private final InternalErrors errors = new InternalErrors();

    @Test
    void eachReasonIsNewOnce() {
        assertThat(errors.isNew("one")).isTrue();
        assertThat(errors.isNew("two")).isTrue();
        assertThat(errors.isNew("one")).isFalse();
    }

    @Test
    void reasonsThatDifferEachTimeDoNotFillTheTerminal() {
        for (int i = 0; i < InternalErrors.MAX_REASONS; i++) {
            assertThat(errors.isNew("row " + i)).isTrue();
        }

        assertThat(errors.isNew("another row")).isFalse();
    }
}
