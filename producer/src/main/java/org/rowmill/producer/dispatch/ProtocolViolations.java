package org.rowmill.producer.dispatch;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.rowmill.broker.Rejection;
import org.rowmill.broker.Rejections;
import org.rowmill.producer.console.Console;

/**
 * What came that no consumer of Rowmill sends: counted, told once a node, and the node set aside after a few times.
 * Thread-safe.
 */
public final class ProtocolViolations implements Rejections {

    /** A node that does this often what it should not is not believed any more. */
    static final int LIMIT = 3;

    private final Console console;
    private final Consumer<String> distrust;
    private final Map<Rejection, LongAdder> counts = new EnumMap<>(Rejection.class);
    private final Map<String, AtomicInteger> nodes = new ConcurrentHashMap<>();

    /**
     * For one run.
     *
     * @param console is told of the first time, and of the last
     * @param distrust ends what a node does for the run; called once a node
     */
    public ProtocolViolations(Console console, Consumer<String> distrust) {
        this.console = console;
        this.distrust = distrust;
        for (Rejection why : Rejection.values()) {
            counts.put(why, new LongAdder());
        }
    }

    public void bindTo(MeterRegistry registry) {
        counts.forEach((why, count) -> FunctionCounter.builder("rowmill.rejected", count, LongAdder::sum)
                .description("What was refused or dropped, by reason")
                .tag("reason", why.label())
                .register(registry));
    }

    long count(Rejection why) {
        return counts.get(why).sum();
    }

    @Override
    public void rejected(String node, Rejection why) {
        counts.get(why).increment();
        int times = nodes.computeIfAbsent(node, name -> new AtomicInteger()).incrementAndGet();
        if (node.isEmpty()) {
            tellOfStranger(times, why);
        } else if (times == 1) {
            console.warn(node + ": sent what no consumer of Rowmill sends: " + text(why) + "; it was dropped");
        } else if (times == LIMIT) {
            console.warn(node + ": set aside for the rest of the run: it sent " + LIMIT
                    + " times what no consumer of Rowmill sends, last " + text(why)
                    + ". See what runs there; others compute its rows");
            distrust.accept(node);
        }
    }

    private void tellOfStranger(int times, Rejection why) {
        if (times == 1) {
            console.warn("somebody who is no node of this run tried to use its broker: " + text(why) + "; refused");
        }
    }

    private static String text(Rejection why) {
        return switch (why) {
            case CREDENTIALS -> "no user of the run, or a wrong password";
            case PACKET -> "a packet that does not belong here, or is too long";
            case QUEUE -> "a queue that it may not use in that way";
            case MESSAGE -> "a message of another kind";
            case SENDER -> "a message under another node's name";
            case RESULT -> "a result that cannot be read, or is not whole";
            case TICKET -> "a result of a row that it was not given";
            case HEARTBEAT -> "a heartbeat that cannot be read";
        };
    }
}
