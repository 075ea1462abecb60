package org.rowmill.schemas.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

    private static final Heartbeat HEARTBEAT =
            new Heartbeat("n\u00f6de", Long.MAX_VALUE, 8, List.of(3L, 1L << 50), 1L << 40, 3, 1_500, 2L << 30);

    @Test
    void aHeartbeatIsReadAsItWasWritten() throws IOException {
        assertThat(Heartbeat.decode(HEARTBEAT.encode())).isEqualTo(HEARTBEAT);
    }

    @Test
    void aHeartbeatThatIsTooShortOrTooLongIsRejected() {
        byte[] body = HEARTBEAT.encode();
        for (int length = 0; length <= body.length + 1; length++) {
            byte[] other = Arrays.copyOf(body, length);
            if (length != body.length) {
                assertThatThrownBy(() -> Heartbeat.decode(other)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void aHeartbeatWithANegativeHeapIsRejected() {
        byte[] body = HEARTBEAT.encode();
        body[body.length - Long.BYTES] = -1;

        assertThatThrownBy(() -> Heartbeat.decode(body))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a heap of 0 bytes or more was expected");
    }
}
