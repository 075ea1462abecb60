package org.rowmill.producer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.rowmill.broker.PortRange;
import org.rowmill.schemas.WrongInput;

/** Serves {@code /metrics} on loopback while a run lasts. */
final class MetricsServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService executor;

    private MetricsServer(HttpServer server, PrometheusMeterRegistry registry) {
        this.server = server;
        this.executor = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "rowmill-metrics");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(executor);
        server.createContext("/metrics", exchange -> answer(exchange, registry));
        server.start();
    }

    /**
     * Serves on the first free port of a range.
     *
     * @throws WrongInput when there is none
     */
    static MetricsServer start(PortRange ports, PrometheusMeterRegistry registry) {
        for (int port = ports.first(); port <= ports.last(); port++) {
            try {
                return new MetricsServer(
                        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0), registry);
            } catch (IOException e) {
                if (e instanceof BindException) {
                    continue; // taken: the next one
                }
                throw new WrongInput(
                        "metrics cannot be served on port " + port + ": " + e.getMessage() + " (--no-http)");
            }
        }
        throw new WrongInput("no port from " + ports.first() + " to " + ports.last()
                + " is free to serve metrics on: choose another with --http-port, or none with --no-http");
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, PrometheusMeterRegistry registry) throws IOException {
        try (exchange) {
            byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
