package org.rowmill.consumer.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.protocol.ResultMessage;

class ConsumerMetricsTest {

    private static final Path DOCUMENTATION = Path.of("..", "docs", "metrics.md");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(rowmill_consumer_\\w+)`");
    private static final Pattern SERVED = Pattern.compile("(?m)^# TYPE (rowmill_\\w+)");

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void documentedMetricsAreServedOnLoopback() throws IOException, InterruptedException {
        ConsumerMetrics metrics = new ConsumerMetrics();
        int port = metrics.serve(0, 2, () -> 1);
        metrics.count(
                "Squares",
                new ResultMessage(0, 7, 99, 1, "head", 1_000, ResultMessage.Kind.COMPUTED, Map.of(), List.of()));

        String served = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();

        Set<String> documented = names(DOCUMENTED, Files.readString(DOCUMENTATION));
        assertThat(documented).isNotEmpty();
        assertThat(names(SERVED, served))
                .containsAll(documented)
                .allSatisfy(name -> assertThat(documented).contains(name.replaceFirst("_max$", "")));
        assertThat(served)
                .contains("rowmill_consumer_rows_total{outcome=\"done\",table=\"Squares\"} 1.0")
                .contains("rowmill_consumer_row_time_seconds{table=\"Squares\",quantile=\"0.5\"}")
                .contains("rowmill_consumer_slots 2.0", "rowmill_consumer_slots_busy 1.0");
    }
}
