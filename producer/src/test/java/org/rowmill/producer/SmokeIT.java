package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** One run with the two jars. It is the only end-to-end test of {@code ops/test quick}. */
class SmokeIT {

    @Test
    void aTableIsComputedAndStored(@TempDir Path project) {
        Projects.squares(project, 1000);

        ProducerCommand.of("run", project).run().succeeded();

        assertThat(DuckDb.query(
                                project.resolve("tables/Squares"),
                                "SELECT count(*), count(DISTINCT index), sum(square), sum(cube) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("1000", "1000", "332833500", "249500250000");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(ProducerCommand.consumersAlive()).isEmpty());
    }
}
