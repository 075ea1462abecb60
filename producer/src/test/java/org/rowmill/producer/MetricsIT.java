package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics that a run serves to Prometheus, and their address. */
class MetricsIT {

    private static final Path DOCUMENTATION = Path.of("..", "docs", "metrics.md");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(rowmill_(?!consumer)\\w+)`");
    private static final Pattern SERVED = Pattern.compile("(?m)^# TYPE (rowmill_\\w+)");
    private static final Pattern ADDRESS = Pattern.compile("metrics at http://127\\.0\\.0\\.1:(\\d+)/metrics");

    @TempDir
    private Path project;

    @BeforeEach
    void writeASlowTable() {
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 5000).boxed(); }
                @Column int value(int index) throws InterruptedException { Thread.sleep(20); return index; }
                """);
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Test
    void theDocumentedMetricsAreServedAtTheRequestedPort() throws IOException, InterruptedException {
        int port = freePort();
        try (ProducerCommand.Running running =
                ProducerCommand.of("run", project, "-v", "--http-port", port).start()) {
            running.awaitErr(Duration.ofSeconds(60), "metrics at");
            Matcher address = ADDRESS.matcher(running.err());
            assertThat(address.find()).isTrue();
            assertThat(address.group(1)).isEqualTo(Integer.toString(port));

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(get(port, "/metrics").body())
                            .contains("rowmill_row_time_seconds{table=\"Slow\",quantile=\"0.95\"}"));

            String served = get(port, "/metrics").body();
            Set<String> documented = names(DOCUMENTED, Files.readString(DOCUMENTATION));
            assertThat(names(SERVED, served))
                    .containsAll(documented.stream()
                            .filter(name -> !name.startsWith("rowmill_mount_")) // These exist in runs with nodes only.
                            .toList())
                    .allSatisfy(name -> assertThat(documented).contains(name.replaceFirst("_max$", "")));
            assertThat(served)
                    .contains("rowmill_rows_total{outcome=\"done\",table=\"Slow\"}")
                    .contains("rowmill_rows_total{outcome=\"failed\",table=\"Slow\"}")
                    .contains("rowmill_rows_total{outcome=\"duplicates\",table=\"Slow\"}")
                    .contains("rowmill_parts_total{table=\"Slow\"}", "rowmill_parts_bytes_total{table=\"Slow\"}");
            assertThat(get(port, "/metricsx").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void noMetricsAreServedWithTheOptionNoHttp() {
        ProducerCommand.Result result = ProducerCommand.of("run", project, "-v", "--no-http", "--quick", 10)
                .run()
                .succeeded();

        assertThat(result.err()).contains("broker listens").doesNotContain("metrics at");
    }

    @Test
    void aTakenPortIsRefusedWithTheProcessThatHoldsIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProducerCommand.of("run", project, "--http-port", taken.getLocalPort())
                    .run()
                    .refused(
                            "metrics",
                            Integer.toString(taken.getLocalPort()),
                            "pid " + ProcessHandle.current().pid(),
                            "--http-port",
                            "--no-http");
        }
    }
}
