package org.rowmill.producer.nodes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

/**
 * The events of one node, for its supervisor. Each session has a number, so that a late event of a session that has
 * ended does not count for the next. Thread-safe; one thread polls.
 */
final class NodeEventQueue {

    private final BlockingDeque<NodeEvent> events = new LinkedBlockingDeque<>();
    private int latest;

    /** Accepts the events of one session until the next one begins. Thread-safe. */
    static final class Session {

        private final NodeEventQueue queue;
        private final int number;

        private Session(NodeEventQueue queue, int number) {
            this.queue = queue;
            this.number = number;
        }

        /** Returns the number of the session, from 1. */
        int number() {
            return number;
        }

        void add(NodeEvent event) {
            queue.add(number, event);
        }
    }

    /** Begins the next session and discards the events that concern only the one before. */
    synchronized Session newSession() {
        latest++;
        events.removeIf(event -> !event.outlivesSession());
        return new Session(this, latest);
    }

    private synchronized void add(int session, NodeEvent event) {
        if (session == latest) {
            add(event);
        }
    }

    void add(NodeEvent event) {
        if (event.isUrgent()) {
            events.addFirst(event);
        } else {
            events.addLast(event);
        }
    }

    /** Returns the next event, or empty if none comes within the limit. */
    Optional<NodeEvent> poll(Duration limit) throws InterruptedException {
        return Optional.ofNullable(events.poll(limit.toNanos(), TimeUnit.NANOSECONDS));
    }
}
