package org.rowmill.producer.nodes;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * What happens on a node, for the thread that takes it up: one way up after the other, each with a number, so that what
 * comes late from one that has ended is not taken for news of the next. Thread-safe; one thread takes.
 */
final class NodeEventQueue {

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicInteger attempt = new AtomicInteger();

    /** What the thread waits for. */
    sealed interface Event {
        /** The consumer has ended. */
        record ConsumerEnded(long pid, int exitCode, List<HeldRow> inHand) implements Event {}

        /** The connection has. */
        record Lost() implements Event {}

        /** The mount has, or does not answer. */
        record MountLost(String how) implements Event {}

        /** Its rows fail: it is to be left alone for a while. */
        record SetAside(Duration time) implements Event {}

        /** The run is over, or the node is to leave it. */
        record Leave() implements Event {}
    }

    /** Begins the next way up; its number, from 1. */
    int next() {
        int of = attempt.incrementAndGet();
        events.removeIf(event -> !(event instanceof Event.Leave));
        return of;
    }

    /** Adds what the run wants. */
    void add(Event event) {
        events.add(event);
    }

    /** Adds what happened on this way up, unless another has begun. */
    void add(int of, Event event) {
        if (of == attempt.get()) {
            events.add(event);
        }
    }

    /** The next event, or null when there is none for so long. */
    @Nullable
    Event poll(Duration limit) throws InterruptedException {
        return events.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits so long, or until the node is to leave: late news of a way up that has ended ends no pause. */
    void awaitLeave(Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        long left = pause.toNanos();
        while (left > 0 && !(events.poll(left, TimeUnit.NANOSECONDS) instanceof Event.Leave)) {
            left = end - System.nanoTime();
        }
    }
}
