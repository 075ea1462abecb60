package org.rowmill.producer.dispatch;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.rowmill.broker.Rejection;
import org.rowmill.broker.Rejections;
import org.rowmill.producer.console.Console;

/**
 * Counts messages and requests that no consumer sends. Warns once for each node, and excludes a node after several.
 * Thread-safe.
 */
public final class ProtocolViolations implements Rejections {

    /** A node is excluded at this many violations. */
    static final int LIMIT = 3;

    private final Console console;
    private final Consumer<String> exclude;
    private final Map<Rejection, LongAdder> counts = new EnumMap<>(Rejection.class);
    private final Map<String, AtomicInteger> nodes = new ConcurrentHashMap<>();

    /**
     * Starts without violations.
     *
     * @param console warns at the first violation of a node, and when the node is excluded
     * @param exclude excludes a node for the rest of the run; called once for a node
     */
    public ProtocolViolations(Console console, Consumer<String> exclude) {
        this.console = console;
        this.exclude = exclude;
        for (Rejection why : Rejection.values()) {
            counts.put(why, new LongAdder());
        }
    }

    /** Registers the counters. */
    public void bindTo(MeterRegistry registry) {
        counts.forEach((why, count) -> FunctionCounter.builder("rowmill.rejected", count, LongAdder::sum)
                .description("Messages and requests rejected, by reason")
                .tag("reason", why.label())
                .register(registry));
    }

    long count(Rejection why) {
        return counter(why).sum();
    }

    private LongAdder counter(Rejection why) {
        return Objects.requireNonNull(counts.get(why), "the constructor adds a counter for each reason");
    }

    @Override
    public void rejected(String node, Rejection why) {
        counter(why).increment();
        int times = nodes.computeIfAbsent(node, name -> new AtomicInteger()).incrementAndGet();
        if (node.isEmpty()) {
            warnOfUnknownClient(times, why);
        } else if (times == 1) {
            console.warn(node + ": sent an invalid message (" + text(why) + "); rejected");
        } else if (times == LIMIT) {
            console.warn(node + ": excluded for the rest of the run: it sent " + LIMIT
                    + " invalid messages, the last one: " + text(why)
                    + ". Check what runs on that node; other nodes compute its rows");
            exclude.accept(node);
        }
    }

    private void warnOfUnknownClient(int times, Rejection why) {
        if (times == 1) {
            console.warn(
                    "a client that is not a node of this run tried to use its broker (" + text(why) + "); rejected");
        }
    }

    private static String text(Rejection why) {
        return switch (why) {
            case CREDENTIALS -> "unknown user or wrong password";
            case PACKET -> "an unexpected packet, or one that is too long";
            case QUEUE -> "a queue that it may not use in this way";
            case MESSAGE -> "a message of an unexpected type";
            case SENDER -> "a message in the name of another node";
            case RESULT -> "a result that is unreadable or incomplete";
            case TOKEN -> "a result of a row that it did not receive";
            case HEARTBEAT -> "an unreadable heartbeat";
        };
    }
}
