package org.rowmill.producer.monitor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
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
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.schemas.protocol.ResultMessage;

/** The metrics of one table. Users rely on their names; {@code docs/metrics.md} lists them. Thread-safe. */
public final class RunMetrics {

    private final Counter retried;
    private final Counter done;
    private final Counter failed;
    private final Counter duplicates;
    private final Counter requeued;
    private final Counter parts;
    private final Counter bytes;
    private final Timer rowTime;

    /** Registers the metrics of a table. */
    public RunMetrics(MeterRegistry registry, String table) {
        retried = rows(registry, table, "retried");
        done = rows(registry, table, "done");
        failed = rows(registry, table, "failed");
        duplicates = rows(registry, table, "duplicates");
        requeued = rows(registry, table, "requeued");
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
                .description("Time of the column methods of a row")
                .tag("table", table)
                .publishPercentiles(0.5, 0.95)
                .register(registry);
    }

    /** Registers the metrics of this JVM. */
    public static void bindJvm(MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    /** Registers the metrics of the mount of a node. */
    public static void mount(MeterRegistry registry, String node, Traffic traffic) {
        mountBytes(registry, node, "read", traffic, Traffic::bytesRead);
        mountBytes(registry, node, "written", traffic, Traffic::bytesWritten);
        FunctionCounter.builder("rowmill.mount.operations", traffic, Traffic::operations)
                .description("Requests through the mount; each is a round trip of the node")
                .tag("node", node)
                .register(registry);
    }

    private static void mountBytes(
            MeterRegistry registry, String node, String direction, Traffic traffic, ToDoubleFunction<Traffic> value) {
        FunctionCounter.builder("rowmill.mount", traffic, value)
                .description("Bytes of files that passed through the mount")
                .baseUnit("bytes")
                .tag("node", node)
                .tag("direction", direction)
                .register(registry);
    }

    /** Registers a gauge that does not belong to a table. The registry does not keep the source alive. */
    public static <T> void gauge(
            MeterRegistry registry, String name, String description, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).description(description).register(registry);
    }

    public void countRow(ResultMessage result) {
        done.increment();
        rowTime.record(result.nanos(), TimeUnit.NANOSECONDS);
    }

    public void countFailed(long nanos) {
        failed.increment();
        rowTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    public void countRetried() {
        retried.increment();
    }

    public void countDuplicate() {
        duplicates.increment();
    }

    public void countRequeued(int rows) {
        requeued.increment(rows);
    }

    public void countParts(List<Path> published) throws IOException {
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
