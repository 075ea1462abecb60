package org.rowmill.schemas.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerControlTest {

    @Test
    void everyCommandIsReadAsItWasWritten() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConsumerControl limit = ConsumerControl.limitRows(Duration.ofMillis(90_500));
        limit.writeTo(out);
        ConsumerControl.DRAIN.writeTo(out);
        ConsumerControl.STOP.writeTo(out);

        InputStream in = new ByteArrayInputStream(out.toByteArray());

        assertThat(ConsumerControl.read(in)).contains(limit);
        assertThat(ConsumerControl.read(in)).contains(ConsumerControl.DRAIN);
        assertThat(ConsumerControl.read(in)).contains(ConsumerControl.STOP);
        assertThat(ConsumerControl.read(in)).isEmpty();
    }

    /** Changing a line needs a new {@link ConsumerControl#PROTOCOL_VERSION}. */
    @Test
    void theLinesOfVersion2StayTheSame() {
        assertThat(ConsumerControl.PROTOCOL_VERSION).isEqualTo(2);
        assertThat(ConsumerControl.DRAIN.line()).isEqualTo("drain");
        assertThat(ConsumerControl.STOP.line()).isEqualTo("stop");
        assertThat(ConsumerControl.limitRows(Duration.ofSeconds(2)).line()).isEqualTo("limit-rows 2000");
        assertThat(ConsumerControl.limitRows(Duration.ZERO).line()).isEqualTo("limit-rows 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "stop", "drai", "limit-rows 12"})
    void inputThatEndsBeforeTheLineIsNoCommand(String text) throws IOException {
        assertThat(read(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "d", "DRAIN", "drain ", "drain now", "limit-rows", "limit-rows -1", "limit-rows 1s"})
    void anUnknownCommandIsRejectedWithAllKnownOnes(String line) {
        assertThatThrownBy(() -> read(line + "\n"))
                .isInstanceOf(IOException.class)
                .hasMessage("unknown command \"" + line
                        + "\" on standard input; expected one of: drain, limit-rows MILLISECONDS, stop");
    }

    @Test
    void onlyTheRowLimitHasATime() {
        assertThatThrownBy(() -> new ConsumerControl(ConsumerControl.Command.STOP, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConsumerControl.limitRows(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Optional<ConsumerControl> read(String text) throws IOException {
        return ConsumerControl.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
