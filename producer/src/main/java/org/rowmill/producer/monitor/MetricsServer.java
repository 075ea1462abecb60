package org.rowmill.producer.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.rowmill.broker.PortHolders;
import org.rowmill.broker.PortRange;
import org.rowmill.producer.options.HttpOptions;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.WrongInput;

/** Serves {@code /metrics} during a run. */
public final class MetricsServer implements AutoCloseable {

    private static final String PATH = "/metrics";
    private static final int NO_BODY = -1;
    private static final int THREADS = 8;
    private static final String REQUEST_SECONDS = "5";

    static { // the first server of the JVM reads it; without it, a client that sends half a request occupies a thread
        System.setProperty("sun.net.httpserver.maxReqTime", REQUEST_SECONDS);
    }

    private final HttpServer server;
    private final ExecutorService executor;

    private MetricsServer(HttpServer server, Optional<HttpToken> token, PrometheusMeterRegistry registry) {
        this.server = server;
        this.executor = Executors.newFixedThreadPool(THREADS, work -> Threads.daemon("rowmill-metrics", work));
        server.setExecutor(executor);
        server.createContext(PATH, exchange -> answer(exchange, token, registry));
        server.start();
    }

    /**
     * Serves on the port of the options, or else on the first free port of a range.
     *
     * @throws WrongInput if no port is free, or the token file is unusable
     */
    public static MetricsServer start(HttpOptions options, PortRange range, PrometheusMeterRegistry registry) {
        PortRange ports =
                options.port().isPresent() ? new PortRange(options.port().getAsInt(), 1) : range;
        Optional<HttpToken> token = options.tokenFile().map(HttpToken::of);
        for (int port = ports.first(); port <= ports.last(); port++) {
            try {
                return new MetricsServer(
                        HttpServer.create(new InetSocketAddress(options.address(), port), 0), token, registry);
            } catch (IOException e) {
                if (e instanceof BindException) {
                    continue; // in use: try the next port
                }
                throw new WrongInput("cannot serve metrics on port " + port + ": " + e.getMessage()
                        + ". To serve no metrics: --no-http");
            }
        }
        String holders = PortHolders.of(ports);
        throw new WrongInput("no port is free on " + options.address().getHostAddress() + " to serve metrics. Tried: "
                + ports + (holders.isEmpty() ? "" : " (used by " + holders + ")")
                + ". Choose another port with --http-port, or serve no metrics with --no-http.");
    }

    /** Returns the address and the port, as part of a URL. */
    public String authority() {
        InetSocketAddress bound = server.getAddress();
        String host = bound.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort();
    }

    private static void answer(HttpExchange exchange, Optional<HttpToken> token, PrometheusMeterRegistry registry)
            throws IOException {
        try (exchange) {
            String shown = exchange.getRequestHeaders().getFirst("Authorization");
            if (token.isPresent() && !token.get().isShownBy(shown)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
                exchange.sendResponseHeaders(HttpURLConnection.HTTP_UNAUTHORIZED, NO_BODY);
                return;
            }
            if (!exchange.getRequestURI().getPath().equals(PATH)) { // a context matches all paths with its prefix
                exchange.sendResponseHeaders(HttpURLConnection.HTTP_NOT_FOUND, NO_BODY);
                return;
            }
            byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
