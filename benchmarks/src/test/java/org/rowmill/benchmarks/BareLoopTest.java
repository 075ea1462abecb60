package org.rowmill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BareLoopTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return BareLoop.run(
                arguments,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    /** A thousand rows are three full transactions and one that is not. */
    @Test
    @Tag("slow")
    void eachRowComesBackOnce() {
        assertThat(run("1000")).isZero();

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(out.toString(StandardCharsets.UTF_8).strip())
                .matches("rows=1000 run_s=\\d+\\.\\d{3} rows_per_s=\\d+ head_cpu_s=\\d+\\.\\d{2}"
                        + " consumer_cpu_s=\\d+\\.\\d{2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "many", "3000000000", "10 rows"})
    void aWrongNumberOfRowsIsRejectedWithOneError(String arguments) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);

        assertThat(out.size()).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains("the number of rows from 1 to 2147483647, not \"" + arguments + "\"");
    }
}
