package org.rowmill.producer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rowmill.producer.console.Console;

class ProgressPrinterTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final Console console = new Console(stream, stream, 0, false, Map.of());

    @Test
    void linesWithoutATerminalGrowRare() {
        ProgressPrinter printer = new ProgressPrinter(
                "Squares", () -> new ProgressState(1, 0, 2, true, 1, 2), () -> RowTimes.Times.NONE, console);
        List<Long> pauses = new ArrayList<>();
        for (int line = 1; line <= 6; line++) {
            pauses.add(printer.print(Duration.ofSeconds(line).toNanos()).toSeconds());
        }

        assertThat(pauses).as("after 1 s").containsExactly(1L, 3L, 5L, 20L, 30L, 30L);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(6)
                .allMatch(line -> line.startsWith("Squares: 1/2 rows"));
    }

    @Test
    void nothingIsPrintedAfterTheEnd() {
        ProgressPrinter printer = new ProgressPrinter(
                "Squares", () -> new ProgressState(1, 0, 2, true, 1, 2), () -> RowTimes.Times.NONE, console);
        printer.start();
        printer.close();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
