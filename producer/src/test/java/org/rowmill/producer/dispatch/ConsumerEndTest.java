package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.producer.dispatch.ConsumerEnd.Cause;
import org.rowmill.schemas.protocol.HeldRow;

class ConsumerEndTest {

    private static final int KILLED = 128 + 9;
    private static final Optional<Duration> NOT_BY_ROWMILL = Optional.empty();
    private static final List<HeldRow> ROW = List.of(new HeldRow(7, 1, 1, false));
    private static final List<HeldRow> OVERDUE_ROW = List.of(new HeldRow(7, 1, 1, true));
    private static final String OUT_OF_HEAP = "Terminating due to java.lang.OutOfMemoryError: Java heap space";

    private static ConsumerEnd end(int exitCode, String... lastLines) {
        return ConsumerEnd.of(exitCode, ROW, Arrays.asList(lastLines), NOT_BY_ROWMILL);
    }

    private static ConsumerEnd end(Cause cause, String how) {
        return new ConsumerEnd(cause, how);
    }

    @Nested
    class KilledByRowmill {

        private final Optional<Duration> silence = Optional.of(Duration.ofSeconds(15));

        @Test
        void itWasHanging() {
            assertThat(ConsumerEnd.of(KILLED, ROW, List.of(), silence))
                    .isEqualTo(end(Cause.HANGING, "was killed by Rowmill after 15 s without a heartbeat"));
        }

        @Test
        void whatItPrintedBeforeIsNotTheCause() {
            assertThat(ConsumerEnd.of(KILLED, ROW, List.of(OUT_OF_HEAP), silence)
                            .cause())
                    .isEqualTo(Cause.HANGING);
        }

        @Test
        void itsOwnExitCodeComesFirstIfItEndedBeforeItCouldBeKilled() {
            assertThat(ConsumerEnd.of(3, ROW, List.of(OUT_OF_HEAP), silence).cause())
                    .isEqualTo(Cause.OUT_OF_MEMORY);
        }

        @Test
        void anotherSignalCameFromSomebodyElse() {
            assertThat(ConsumerEnd.of(128 + 15, ROW, List.of(), silence))
                    .isEqualTo(end(Cause.KILLED_BY_SIGNAL, "was killed (signal 15)"));
        }
    }

    @Nested
    class EndedByASignal {

        @Test
        void theSystemMayHaveKilledItForItsMemory() {
            assertThat(end(KILLED))
                    .isEqualTo(end(Cause.KILLED_BY_SIGNAL, "was killed (signal 9; the system may be out of memory)"));
        }

        @Test
        void anOutOfMemoryErrorThatARowPrintedIsNotTheCause() {
            assertThat(end(KILLED, "Squares[7]: java.lang.OutOfMemoryError: caught")
                            .cause())
                    .isEqualTo(Cause.KILLED_BY_SIGNAL);
        }

        @Test
        void aCrashInNativeCodeIsNoKill() {
            ConsumerEnd crash = end(
                    128 + 6,
                    "# A fatal error has been detected by the Java Runtime Environment:",
                    "# An error report file with more information is saved as:",
                    "# /logs/hs_err_5.log");

            assertThat(crash).isEqualTo(end(Cause.CRASHED, "crashed in native code (signal 6)"));
            assertThat(crash.isKill()).isFalse();
        }

        @Test
        void aJvmThatGetsNoMemoryOfTheSystemIsOutOfMemory() {
            assertThat(end(
                            128 + 6,
                            "# There is insufficient memory for the Java Runtime Environment to continue.",
                            "# An error report file with more information is saved as:"))
                    .isEqualTo(end(Cause.OUT_OF_MEMORY, "ran out of memory (the system gave the JVM no more)"));
        }

        @Test
        void codesThatNoSignalHasAreExitCodes() {
            assertThat(end(128 + 64).how()).isEqualTo("was killed (signal 64)");
            assertThat(end(128 + 65).how()).isEqualTo("ended with exit code 193 (System.exit, or a crash)");
            assertThat(end(128).how()).isEqualTo("ended with exit code 128 (System.exit, or a crash)");
        }
    }

    @Nested
    class EndedByItself {

        @Test
        void outOfMemoryHasItsOwnExitCodeAndIsPrinted() {
            assertThat(end(3, OUT_OF_HEAP))
                    .isEqualTo(end(Cause.OUT_OF_MEMORY, "ran out of memory (java.lang.OutOfMemoryError)"));
        }

        @Test
        void anOutOfMemoryErrorThatARowCaughtIsNotTheCause() {
            assertThat(end(1, "[Squares 7] java.lang.OutOfMemoryError: caught").cause())
                    .isEqualTo(Cause.CRASHED);
        }

        @Test
        void aRowThatIgnoredTheInterruptIsMarked() {
            assertThat(ConsumerEnd.of(6, OVERDUE_ROW, List.of(), NOT_BY_ROWMILL))
                    .isEqualTo(end(
                            Cause.OVERDUE, "stopped because a row exceeded its time limit and ignored the interrupt"));
        }

        @Test
        void theReasonIsTheLastOneThatItPrinted() {
            assertThat(end(
                            70,
                            "consumer ends: an older reason",
                            "java.lang.NullPointerException",
                            "consumer ends: this is a bug in Rowmill: java.lang.NullPointerException"))
                    .isEqualTo(
                            end(
                                    Cause.INTERNAL,
                                    "stopped with an internal error (this is a bug in Rowmill: java.lang.NullPointerException)"));
        }

        @Test
        void theReasonMayHaveThePrefixOfTheRowWhoseThreadPrintedIt() {
            assertThat(end(70, "[Squares [7] ] consumer ends: it is broken", "[Squares 8] \tat java.lang.Thread.run"))
                    .isEqualTo(end(Cause.INTERNAL, "stopped with an internal error (it is broken)"));
        }

        @Test
        void aLostBrokerAndAProjectThatCannotBeLoadedAreKnown() {
            assertThat(end(4, "consumer ends: it lost the connection to the broker: reset"))
                    .isEqualTo(end(Cause.BROKER_LOST, "stopped (it lost the connection to the broker: reset)"));
            assertThat(end(2, "consumer ends: java.lang.ClassNotFoundException: Squares"))
                    .isEqualTo(end(
                            Cause.NOT_LOADED,
                            "could not load the project (java.lang.ClassNotFoundException: Squares)"));
        }

        @Test
        void aLongReasonIsCut() {
            assertThat(end(70, "consumer ends: " + "x".repeat(10_000)).how()).hasSizeLessThan(600);
        }
    }

    /** A row may call {@code System.exit} with each code that the consumer uses. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 70, 96, 127})
    void anExitCodeAloneProvesNothing(int exitCode) {
        assertThat(end(exitCode, "Squares[7]: bye"))
                .isEqualTo(end(Cause.CRASHED, "ended with exit code " + exitCode + " (System.exit, or a crash)"));
    }

    @Test
    void onlySignalsCountAsKills() {
        assertThat(Arrays.stream(Cause.values()).filter(cause -> end(cause, "").isKill()))
                .containsExactly(Cause.KILLED_BY_SIGNAL, Cause.HANGING);
    }
}
