package org.rowmill.producer.nodes;

/**
 * How long a consumer that had sent heartbeats has sent none. Counted in seconds that the watching thread has lived through, not
 * by a clock: while the head itself is stopped, or the laptop asleep, nobody can be heard.
 */
public final class HeartbeatTimeout {

    /** A long collection of garbage, or a machine that is very busy, takes less. */
    static final int LIMIT_SECONDS = 15;

    private long heard;
    private int seconds;

    /**
     * Another second has passed.
     *
     * @param beats heartbeats of the consumer so far
     * @return whether it has been silent for the limit, once more
     */
    boolean tick(long beats) {
        if (beats == 0 || beats != heard) {
            heard = beats;
            seconds = 0;
            return false;
        }
        seconds++;
        return seconds % LIMIT_SECONDS == 0;
    }

    /** For how many seconds by now. */
    int seconds() {
        return seconds;
    }
}
