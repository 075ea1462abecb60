package org.rowmill.consumer.process;

import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.rowmill.consumer.connection.BrokerLink;
import org.rowmill.consumer.work.RowTask;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.Heartbeat;

/** Sends a heartbeat about once a second. */
final class Heartbeats {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ConsumerSettings settings;
    private final RowTask.Shared shared;
    private final long pid = ProcessHandle.current().pid();

    Heartbeats(ConsumerSettings settings, RowTask.Shared shared) {
        this.settings = settings;
        this.shared = shared;
    }

    /** Sends heartbeats until the process ends. */
    void send(BrokerLink link, Shutdown shutdown) throws JMSException, InterruptedException {
        BrokerLink.HeartbeatSession session = link.new HeartbeatSession();
        do {
            session.send(heartbeat(System.nanoTime()).encode());
        } while (!shutdown.await(INTERVAL));
    }

    private Heartbeat heartbeat(long nowNanos) {
        OptionalInt oldest = shared.deadlines().oldest(nowNanos);
        long row = oldest.isPresent() ? shared.rowsInSlots().row(oldest.getAsInt()) : -1;
        long age = oldest.isPresent()
                ? shared.deadlines().of(oldest.getAsInt()).age(nowNanos).orElse(0)
                : 0;
        return new Heartbeat(
                settings.node(),
                pid,
                settings.slots().count(),
                shared.rowsInSlots().rows(),
                shared.metrics().rows(),
                row,
                TimeUnit.NANOSECONDS.toMillis(age),
                Runtime.getRuntime().maxMemory());
    }
}
