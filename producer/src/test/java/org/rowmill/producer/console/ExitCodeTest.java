package org.rowmill.producer.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rowmill.schemas.WrongInput;

class ExitCodeTest {

    @Test
    void wrongInputIs2() {
        assertThat(ExitCode.of(new WrongInput("no such table"))).isEqualTo(2);
    }

    @Test
    void resultsThatCannotBeWrittenAre74() {
        IOException full = new FileSystemException("part", null, "No space left on device");

        assertThat(ExitCode.of(new UnwritableResults("Squares: results cannot be written", full)))
                .isEqualTo(74);
    }

    @Test
    void otherInputOutputErrorsAre74() {
        assertThat(ExitCode.of(new IOException("Input/output error"))).isEqualTo(74);
        assertThat(ExitCode.of(new UncheckedIOException(new IOException("Input/output error"))))
                .isEqualTo(74);
    }

    @Test
    void everythingElseIsAnInternalError() {
        assertThat(List.of(new IllegalStateException("planning failed"), new OutOfMemoryError(), new LinkageError()))
                .extracting(ExitCode::of)
                .containsOnly(70);
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "HUP, 130", "TERM, 143"})
    void aSignalHasItsExitCode(String signal, int exitCode) {
        assertThat(ExitCode.ofSignal(signal)).isEqualTo(exitCode);
    }

    @Test
    void aSignalThatReachesBothProcessesIsOneRequest() {
        List<Integer> requests = new ArrayList<>();
        Interrupts interrupts = new Interrupts();
        interrupts.on(requests::add);

        interrupts.received(130);
        interrupts.forwarded(130);
        assertThat(requests).containsExactly(130);

        interrupts.forwarded(143);
        interrupts.received(143);
        assertThat(requests).containsExactly(130, 143);
    }
}
