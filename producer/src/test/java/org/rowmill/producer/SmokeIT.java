package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run through the two jars: all that {@code ops/test quick} tests of them. */
class SmokeIT {

    @Test
    void aTableIsComputedStoredAndNotComputedAgain(@TempDir Path project) {
        Projects.squares(project, 1000);

        ProducerCommand.of("run", project).run().succeeded();

        assertThat(DuckDb.query(
                        project.resolve("tables/Squares"),
                        "SELECT count(*), count(DISTINCT index), sum(square), sum(cube) FROM $"
                                + " WHERE square = index * index AND cube = square * index")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("1000", "1000", "332833500", "249500250000");
        assertThat(ProducerCommand.of("run", project).run().succeeded().err())
                .contains("1000 rows listed, 0 computed");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(ProducerCommand.consumersAlive()).isEmpty());
    }
}
