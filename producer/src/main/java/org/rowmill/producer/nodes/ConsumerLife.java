package org.rowmill.producer.nodes;

import java.time.Duration;
import java.util.Optional;
import org.rowmill.schemas.BackOff;

/**
 * Decides what happens to the consumer of one node, from the first connection to the end of the run. Has no threads, no
 * clock and no connections: each event comes with its time in nanoseconds, and the answer is the action to carry out
 * next. For one thread.
 *
 * <p>A node has at most one <em>session</em> at a time, which lasts from {@link Action#CONNECT} (on the head from
 * {@link Action#START}) to {@link #closed}, and in a session at most one consumer at a time. A consumer that crashes is
 * replaced in the same session.
 */
final class ConsumerLife {

    /** After this many crashes in a row without a computed row, no further consumer starts. */
    static final int FRUITLESS_STARTS = 5;

    /** The same for signals on the head: somebody may kill consumers faster than they start. */
    static final int FRUITLESS_KILLS = 60;

    static final BackOff RECONNECT = new BackOff(Duration.ofSeconds(2), 2, Duration.ofSeconds(30));

    private static final Duration TICK = Duration.ofSeconds(1);

    /**
     * How the head differs from other nodes.
     *
     * @param connects whether a session begins with a connection, which can fail, break and be aborted
     * @param fruitlessKills after this many crashes by a signal without a computed row, no further consumer starts
     */
    record Rules(boolean connects, int fruitlessKills) {
        static final Rules HEAD = new Rules(false, FRUITLESS_KILLS);
        static final Rules NODE = new Rules(true, FRUITLESS_STARTS);
    }

    enum State {
        NEW,
        /** A session is being opened: the node is connected and prepared. */
        CONNECTING,
        /** A consumer is being started in the session. */
        STARTING,
        READY,
        /** The consumer finishes its rows; then the node leaves the run. */
        DRAINING,
        /** The session is being closed. */
        CLOSING,
        BACK_OFF,
        EXCLUDED,
        ENDED
    }

    /** What the supervisor carries out. After each action that closes the session it calls {@link #closed}. */
    enum Action {
        /** Open a session, then call {@link #connected} or {@link #failed}. */
        CONNECT,
        /** Start a consumer in the session, then call {@link #started} or {@link #failed}. */
        START,
        /** Kill the consumer, which hangs. */
        KILL,
        /** Let the consumer finish its rows and end. */
        DRAIN,
        /** End consumer and session at once. */
        ABORT,
        /** Close the session, or what is left of it. */
        CLOSE,
        /** Report that no consumer stays alive on the node, then close the session. */
        GIVE_UP;

        boolean closesSession() {
            return this == ABORT || this == CLOSE || this == GIVE_UP;
        }
    }

    private final Rules rules;
    private State state = State.NEW;
    private HeartbeatTimeout timeout = new HeartbeatTimeout();
    private boolean isLast;
    private boolean isExcluded;
    private long excludedUntil;
    private long waitUntil;
    private boolean wasReady;
    private long readySince;
    private int failures;
    private int fruitless;

    ConsumerLife(Rules rules) {
        this.rules = rules;
    }

    State state() {
        return state;
    }

    boolean hasEnded() {
        return state == State.ENDED;
    }

    boolean hasConsumer() {
        return state == State.READY || state == State.DRAINING;
    }

    /** Returns how many consumers in a row have crashed without a computed row. */
    int fruitless() {
        return fruitless;
    }

    /** Returns for how many seconds the consumer has sent no heartbeat. */
    int secondsWithoutHeartbeat() {
        return timeout.seconds();
    }

    /** Returns how long to wait for an event before the next {@link #tick}. */
    Duration untilTick(long now) {
        return isWaiting() ? Duration.ofNanos(Math.max(0, waitUntil - now)) : TICK;
    }

    private boolean isWaiting() {
        return state == State.BACK_OFF || state == State.EXCLUDED;
    }

    private boolean isInSession() {
        return switch (state) {
            case CONNECTING, STARTING, READY, DRAINING -> true;
            case NEW, CLOSING, BACK_OFF, EXCLUDED, ENDED -> false;
        };
    }

    Optional<Action> begin() {
        return state == State.NEW ? open() : Optional.empty();
    }

    private Optional<Action> open() {
        timeout = new HeartbeatTimeout();
        wasReady = false;
        state = rules.connects() ? State.CONNECTING : State.STARTING;
        return Optional.of(rules.connects() ? Action.CONNECT : Action.START);
    }

    Optional<Action> connected() {
        if (state != State.CONNECTING) {
            return Optional.empty();
        }
        state = State.STARTING;
        return Optional.of(Action.START);
    }

    void started(long now) {
        if (state != State.STARTING) {
            return;
        }
        state = State.READY;
        readySince = wasReady ? readySince : now;
        wasReady = true;
    }

    /** The node could not be connected or prepared, or no consumer started there. */
    Optional<Action> failed() {
        return state == State.CONNECTING || state == State.STARTING ? close(Action.CLOSE) : Optional.empty();
    }

    /**
     * The consumer process has ended.
     *
     * @param hasComputed whether it has computed a row, or was computing one
     * @param wasKilled whether a signal ended it
     */
    Optional<Action> consumerEnded(boolean hasComputed, boolean wasKilled, long now) {
        if (state == State.DRAINING) {
            return closeAfterUse(Action.CLOSE, now);
        }
        if (state != State.READY) {
            return Optional.empty();
        }
        fruitless = hasComputed ? 0 : fruitless + 1;
        if (fruitless >= (wasKilled ? rules.fruitlessKills() : FRUITLESS_STARTS)) {
            isLast = true;
            return closeAfterUse(Action.GIVE_UP, now);
        }
        state = State.STARTING;
        return Optional.of(Action.START);
    }

    /** The connection to the node is lost. */
    Optional<Action> lost(long now) {
        return isInSession() ? closeAfterUse(Action.CLOSE, now) : Optional.empty();
    }

    /** The mount on the node is lost. */
    Optional<Action> mountLost(long now) {
        return isInSession() ? closeAfterUse(Action.ABORT, now) : Optional.empty();
    }

    /** The node is to have no consumer for this time. */
    Optional<Action> exclude(Duration time, long now) {
        long until = now + time.toNanos();
        excludedUntil = isExcluded && excludedUntil - until > 0 ? excludedUntil : until;
        isExcluded = true;
        if (isInSession()) {
            return close(Action.ABORT);
        }
        if (state == State.NEW || isWaiting()) {
            awaitEndOfExclusion();
        }
        return Optional.empty();
    }

    private void awaitEndOfExclusion() {
        state = State.EXCLUDED;
        waitUntil = excludedUntil;
        failures = 0;
    }

    /** The node is to leave the run: its consumer finishes the rows that it computes. */
    Optional<Action> leave() {
        isLast = true;
        return switch (state) {
            case READY -> {
                state = State.DRAINING;
                yield Optional.of(Action.DRAIN);
            }
            case NEW, CONNECTING, STARTING, BACK_OFF, EXCLUDED -> close(Action.CLOSE);
            case DRAINING, CLOSING, ENDED -> Optional.empty();
        };
    }

    /** The run is over. Whatever happens later, the only answer is that there is nothing to do. */
    Optional<Action> stop() {
        isLast = true;
        return switch (state) {
            case NEW, CONNECTING, STARTING, READY, DRAINING, BACK_OFF, EXCLUDED -> close(Action.CLOSE);
            case CLOSING, ENDED -> Optional.empty();
        };
    }

    /**
     * No event came for {@link #untilTick}.
     *
     * @param heartbeats how many heartbeats the consumer has sent
     */
    Optional<Action> tick(long heartbeats, long now) {
        return switch (state) {
            case READY, DRAINING -> timeout.tick(heartbeats) ? endHangingConsumer(now) : Optional.empty();
            case BACK_OFF, EXCLUDED -> waitUntil - now <= 0 ? endWait() : Optional.empty();
            case NEW, CONNECTING, STARTING, CLOSING, ENDED -> Optional.empty();
        };
    }

    /** Nothing may be able to kill a consumer on a node, for example while it waits for a disk that is gone. */
    private Optional<Action> endHangingConsumer(long now) {
        boolean wasKilled = timeout.seconds() > HeartbeatTimeout.LIMIT_SECONDS;
        return wasKilled && rules.connects() ? closeAfterUse(Action.ABORT, now) : Optional.of(Action.KILL);
    }

    private Optional<Action> endWait() {
        isExcluded = false;
        return open();
    }

    /** A node that was in use for longer than the longest pause begins again with the shortest. */
    private Optional<Action> closeAfterUse(Action action, long now) {
        if (wasReady && now - readySince > RECONNECT.limit().toNanos()) {
            failures = 0;
        }
        return close(action);
    }

    private Optional<Action> close(Action action) {
        state = State.CLOSING;
        return Optional.of(action);
    }

    /** Nothing is left of the session. */
    void closed(long now) {
        if (state != State.CLOSING) {
            return;
        }
        if (isLast) {
            state = State.ENDED;
        } else if (isExcluded) {
            awaitEndOfExclusion();
        } else {
            state = State.BACK_OFF;
            failures++;
            waitUntil = now + RECONNECT.after(failures).toNanos();
        }
    }
}
