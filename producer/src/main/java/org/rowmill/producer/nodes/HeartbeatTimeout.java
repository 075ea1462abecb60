package org.rowmill.producer.nodes;

/**
 * Counts the seconds since a consumer sent its last heartbeat. Counts seconds in which the supervisor's thread ran, not
 * those of a clock: while the head is stopped, or the laptop asleep, no heartbeat can arrive. For one thread.
 */
final class HeartbeatTimeout {

    /** Longer than a long garbage collection, or a pause on a very busy computer. */
    static final int LIMIT_SECONDS = 15;

    private long received;
    private int seconds;

    /**
     * Counts another second.
     *
     * @param heartbeats how many the consumer has sent so far; before the first one there is no timeout
     * @return whether the time without a heartbeat has reached the limit, or a multiple of it
     */
    boolean tick(long heartbeats) {
        if (heartbeats == 0 || heartbeats != received) {
            received = heartbeats;
            seconds = 0;
            return false;
        }
        seconds++;
        return seconds % LIMIT_SECONDS == 0;
    }

    /** Returns the seconds since the last heartbeat. */
    int seconds() {
        return seconds;
    }
}
