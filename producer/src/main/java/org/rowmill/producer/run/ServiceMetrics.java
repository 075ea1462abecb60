package org.rowmill.producer.run;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.broker.PortRange;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.dispatch.ProtocolViolations;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.producer.monitor.MetricsServer;
import org.rowmill.producer.monitor.RunMetrics;
import org.rowmill.producer.options.HttpOptions;

/** Registers and serves the metrics of the whole run. */
final class ServiceMetrics {

    private ServiceMetrics() {}

    /** Creates a registry with the metrics of this JVM. */
    static PrometheusMeterRegistry newRegistry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RunMetrics.bindJvm(registry);
        return registry;
    }

    static void bindBroker(
            MeterRegistry registry, EmbeddedBroker broker, String rowsQueue, ProtocolViolations violations) {
        RunMetrics.gauge(
                registry,
                "rowmill.queue.rows",
                "Rows in the broker that are not acknowledged",
                broker,
                source -> source.depth(rowsQueue));
        violations.bindTo(registry);
    }

    static void bindRows(MeterRegistry registry, InFlightRows rows, ConsumerRegistry nodes) {
        RunMetrics.gauge(
                registry,
                "rowmill.in.flight",
                "Rows in flight",
                rows,
                count -> count.counts().inFlight());
        RunMetrics.gauge(registry, "rowmill.slots", "Slots of all consumers", nodes, ConsumerRegistry::slots);
        RunMetrics.gauge(registry, "rowmill.slots.busy", "Slots that compute a row", nodes, ConsumerRegistry::busy);
    }

    /** Starts the server, and prints its address. */
    static MetricsServer serve(
            PrometheusMeterRegistry registry, HttpOptions options, PortRange ports, Console console) {
        MetricsServer server = MetricsServer.start(options, ports, registry);
        console.verbose("metrics at http://" + server.authority() + "/metrics"
                + options.tokenFile()
                        .map(file -> " (requires the token in " + file + ")")
                        .orElse(""));
        return server;
    }
}
