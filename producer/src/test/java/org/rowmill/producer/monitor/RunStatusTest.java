package org.rowmill.producer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.protocol.Heartbeat;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

class RunStatusTest {

    @TempDir
    private Path directory;

    private final ConsumerRegistry nodes = new ConsumerRegistry((node, why) -> {});
    private final FailureSummary failures = new FailureSummary();
    private final RowTimes times = new RowTimes();
    private final List<Long> calls = new ArrayList<>();

    @Test
    void theFileHasTheRunItsProgressItsConsumersAndItsFailures() throws IOException {
        nodes.add(new Heartbeat("a", 1, 4, List.of(5L, 6L), 9, 5, 61_000, 1 << 30));
        failures.add(List.of(7L), new Failure("size", "java.io.IOException", "gone", "", true));
        times.add(Duration.ofSeconds(70).toNanos());
        RunStatus status = new RunStatus(
                "r1",
                directory,
                "Squares",
                nodes,
                () -> new ProgressState(5, 1, 10, true, 2, 2),
                () -> times.at(nodes.inHandNanos()),
                failures,
                calls::add);

        assertThat(status.update(77)).isEqualTo(Duration.ofSeconds(1));

        StatusFacts facts = StatusFacts.parse(Files.readString(directory.resolve(RunStatus.FILE)));
        assertThat(facts.run()).isEqualTo("r1");
        assertThat(facts.table()).isEqualTo("Squares");
        assertThat(facts.rows()).isEqualTo(new ProgressState(5, 1, 10, true, 2, 2));
        assertThat(facts.progress()).startsWith("Squares: 5/10 rows").contains(", ETA 2:29, ");
        assertThat(facts.pace().medianSeconds()).hasValue(70.0);
        assertThat(facts.pace().remainingSeconds().orElseThrow()).isBetween(148.0, 150.0);
        assertThat(facts.nodes())
                .containsExactly(new StatusFacts.Node("a", 4, 2, 9, Optional.of(61L), Optional.empty()));
        assertThat(facts.failures()).singleElement().asString().contains("1 x java.io.IOException: gone in size");
        assertThat(calls).containsExactly(77L);
    }
}
