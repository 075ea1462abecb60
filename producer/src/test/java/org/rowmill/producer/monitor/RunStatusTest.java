package org.rowmill.producer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

class RunStatusTest {

    @TempDir
    private Path directory;

    private final ConsumerRegistry nodes = new ConsumerRegistry((node, why) -> {});
    private final FailureSummary failures = new FailureSummary();
    private final List<Long> times = new ArrayList<>();

    @Test
    void theFileHasTheRunItsProgressAndItsFailures() throws IOException {
        failures.add(List.of(7L), new Failure("size", "java.io.IOException", "gone", "", true));
        RunStatus status = new RunStatus(
                "r1",
                directory,
                "Squares",
                nodes,
                () -> new Progress.State(5, 1, 10, true, 2, 2),
                failures,
                times::add);

        assertThat(status.update(77)).isEqualTo(Duration.ofSeconds(1));

        assertThat(Files.readString(directory.resolve(RunStatus.FILE)))
                .contains("Run r1, process ", "Squares: 5/10 rows", "node ", "1 x java.io.IOException: gone in size");
        assertThat(times).containsExactly(77L);
    }
}
