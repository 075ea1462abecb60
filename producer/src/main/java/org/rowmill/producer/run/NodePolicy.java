package org.rowmill.producer.run;

import java.time.Duration;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.dispatch.NodeHealth;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.schemas.Times;

/**
 * Excludes nodes on which rows fail and nodes that violate the protocol; stops the run if too few are left.
 * Thread-safe.
 */
final class NodePolicy implements NodeHealth.Actions {

    /** Longer than any run. */
    private static final Duration REST_OF_THE_RUN = Duration.ofDays(3650);

    private final EmbeddedBroker broker;
    private final ConsumerRegistry nodes;
    private final Consumers consumers;
    private final StopSignal stop;
    private final Console console;

    NodePolicy(EmbeddedBroker broker, ConsumerRegistry nodes, Consumers consumers, StopSignal stop, Console console) {
        this.broker = broker;
        this.nodes = nodes;
        this.consumers = consumers;
        this.stop = stop;
        this.console = console;
    }

    @Override
    public void exclude(String node, Duration time, String evidence) {
        console.warn(node + ": excluded for " + Times.text(time) + ": " + evidence);
        consumers.exclude(node, time);
    }

    @Override
    public void stop(String reason) {
        stop.request(reason, ExitCode.SOME_FAILED);
    }

    /** Excludes a node for the rest of the run. Revokes its account too, because a hostile consumer may not end. */
    void excludeViolator(String node) {
        consumers.exclude(node, REST_OF_THE_RUN);
        broker.revoke(node);
        nodes.remove(node);
        if (nodes.names().isEmpty()) {
            stop.request(
                    "no node is left that computes rows: " + node + " was excluded because it sent invalid messages",
                    ExitCode.SOME_FAILED);
        }
    }
}
