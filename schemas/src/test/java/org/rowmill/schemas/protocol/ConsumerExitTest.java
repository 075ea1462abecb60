package org.rowmill.schemas.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConsumerExitTest {

    @Test
    void everyReasonIsFoundByItsCode() {
        for (ConsumerExit exit : ConsumerExit.values()) {
            assertThat(ConsumerExit.of(exit.code())).contains(exit);
        }
        assertThat(ConsumerExit.OUT_OF_MEMORY.code()).as("the code of the JVM").isEqualTo(3);
    }

    @Test
    void otherCodesHaveNoReason() {
        assertThat(ConsumerExit.of(1)).isEmpty();
        assertThat(ConsumerExit.of(137)).isEmpty();
        assertThat(ConsumerExit.of(-1)).isEmpty();
    }
}
