package org.rowmill.producer.monitor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rowmill.broker.PortRange;
import org.rowmill.producer.options.HttpOptions;

class MetricsServerTest {

    private static final int HALF_REQUESTS = 40;

    @Test
    @Tag("slow")
    void clientsThatSendHalfARequestDoNotBlockOthersForLong() throws IOException, InterruptedException {
        HttpOptions options = new HttpOptions(InetAddress.getLoopbackAddress(), OptionalInt.empty(), Optional.empty());
        List<Socket> sockets = new ArrayList<>();
        try (MetricsServer server = MetricsServer.start(
                options, new PortRange(20_000, 1000), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))) {
            URI metrics = URI.create("http://" + server.authority() + "/metrics");
            for (int i = 0; i < HALF_REQUESTS; i++) {
                Socket socket = new Socket(metrics.getHost(), metrics.getPort());
                sockets.add(socket);
                socket.getOutputStream().write("GET /metrics HTT".getBytes(US_ASCII));
            }

            assertThat(HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(metrics)
                                            .timeout(Duration.ofMinutes(1))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
