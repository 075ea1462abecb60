package org.rowmill.producer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.rowmill.schemas.ResultMessage;

/**
 * What a run measures of one table. The names are part of what users rely on; {@code docs/metrics.md} lists them.
 * Thread-safe.
 */
final class RunMetrics {

    private final Counter done;
    private final Counter failed;
    private final Counter doubles;
    private final Counter parts;
    private final Counter bytes;
    private final Timer rowTime;

    RunMetrics(MeterRegistry registry, String table) {
        done = rows(registry, table, "done");
        failed = rows(registry, table, "failed");
        doubles = rows(registry, table, "double");
        parts = Counter.builder("rowmill.parts")
                .description("Parquet parts published")
                .tag("table", table)
                .register(registry);
        bytes = Counter.builder("rowmill.parts.bytes")
                .description("Size of the Parquet parts published")
                .tag("table", table)
                .baseUnit("bytes")
                .register(registry);
        rowTime = Timer.builder("rowmill.row.time")
                .description("Time that a row's column methods took")
                .tag("table", table)
                .publishPercentiles(0.5, 0.95)
                .register(registry);
    }

    /** The head's JVM, once a registry. */
    static void bindJvm(MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    static <T> void gauge(
            MeterRegistry registry, String name, String description, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).description(description).register(registry);
    }

    void countRow(ResultMessage result) {
        (result.failures().isEmpty() ? done : failed).increment();
        rowTime.record(result.nanos(), TimeUnit.NANOSECONDS);
    }

    void countDouble() {
        doubles.increment();
    }

    void countParts(List<Path> published) throws IOException {
        parts.increment(published.size());
        for (Path part : published) {
            bytes.increment((double) Files.size(part));
        }
    }

    private static Counter rows(MeterRegistry registry, String table, String outcome) {
        return Counter.builder("rowmill.rows")
                .description("Results received, by outcome")
                .tag("table", table)
                .tag("outcome", outcome)
                .register(registry);
    }
}
