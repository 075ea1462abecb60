package org.rowmill.consumer.work;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.protocol.ResultMessage;

/** Counts rows, and serves {@code /metrics} on loopback if requested. Thread-safe. */
public final class ConsumerMetrics {

    private static final double[] QUANTILES = {0.5, 0.95};
    private static final int OK = 200;

    private final LongAdder rows = new LongAdder();
    private @Nullable MeterRegistry registry;

    /** Counts the computed rows, including failed ones. */
    public long rows() {
        return rows.sum();
    }

    void count(String table, ResultMessage result) {
        rows.increment();
        if (registry != null) {
            String outcome = result.failures().isEmpty() ? "done" : "failed";
            Tag name = Tag.of("table", table);
            registry.counter("rowmill_consumer_rows", Tags.of(name, Tag.of("outcome", outcome)))
                    .increment();
            Timer.builder("rowmill_consumer_row_time")
                    .tags(Tags.of(name))
                    .publishPercentiles(QUANTILES)
                    .register(registry)
                    .record(result.nanos(), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Starts to serve metrics. Called before the first row, because loading the registry takes some time.
     *
     * @param port port on loopback; 0 for any free port
     * @param slots number of slots
     * @param busy number of busy slots
     * @return the port
     * @throws IOException if the port is in use
     */
    public int serve(int port, int slots, Supplier<Number> busy) throws IOException {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Gauge.builder("rowmill_consumer_slots", () -> slots).register(prometheus);
        Gauge.builder("rowmill_consumer_slots_busy", busy).register(prometheus);
        new JvmMemoryMetrics().bindTo(prometheus);
        new JvmThreadMetrics().bindTo(prometheus);
        new ProcessorMetrics().bindTo(prometheus);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newSingleThreadExecutor(work -> Threads.daemon("rowmill-metrics", work)));
        server.createContext("/metrics", exchange -> answer(exchange, prometheus));
        server.start();
        registry = prometheus;
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, PrometheusMeterRegistry registry) throws IOException {
        try (exchange) {
            byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(OK, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
