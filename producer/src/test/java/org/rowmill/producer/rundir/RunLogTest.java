package org.rowmill.producer.rundir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.producer.console.Console;

class RunLogTest {

    private final RunLog log;

    RunLogTest(@TempDir Path directory) {
        PrintStream none = new PrintStream(PrintStream.nullOutputStream());
        log = new RunLog(directory.resolve("consumer.log"), new Console(none, none, 0, false, Map.of()));
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void theLastLinesAreKnown() {
        IntStream.range(0, 1000).forEach(line -> log.add("line " + line));

        assertThat(log.tail(2)).containsExactly("line 998", "line 999");
        assertThat(log.tail(Integer.MAX_VALUE)).hasSize(200).first().isEqualTo("line 800");
    }

    @Test
    void onlyTheFileKeepsLongLines() throws IOException {
        log.add("x".repeat(64 << 10));

        assertThat(log.tail(1).get(0)).hasSizeLessThan(3_000);
        assertThat(log.file()).hasSize((64 << 10) + 1);
    }

    @Test
    void theFileKeepsTheLinesOfEarlierConsumers() throws IOException {
        log.add("first");
        log.forgetTail();
        log.add("second");

        assertThat(log.tail(20)).containsExactly("second");
        assertThat(Files.readAllLines(log.file())).containsExactly("first", "second");
    }
}
