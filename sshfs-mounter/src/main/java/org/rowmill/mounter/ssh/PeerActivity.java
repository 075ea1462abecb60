package org.rowmill.mounter.ssh;

import java.time.Duration;

/**
 * Records when bytes move on a connection, to detect a peer that is gone. All times are those of one monotonic clock,
 * in nanoseconds. One thread reads, one thread at a time writes, any thread asks.
 */
final class PeerActivity {

    private volatile boolean reading;
    private volatile boolean writing;
    private volatile long received;
    private volatile long readingSince;
    private volatile long writingSince;

    PeerActivity(long nanos) {
        this.received = nanos;
        this.readingSince = nanos;
    }

    void beginRead(long nanos) {
        readingSince = nanos;
        reading = true;
    }

    void received(long nanos) {
        received = nanos;
    }

    void endRead() {
        reading = false;
    }

    void beginWrite(long nanos) {
        writingSince = nanos;
        writing = true;
    }

    void endWrite() {
        writing = false;
    }

    /**
     * Returns how long the reader has waited without receiving anything. Zero while nobody reads: a reader that is busy
     * with something else says nothing about the peer.
     */
    Duration silence(long nanos) {
        return reading ? Duration.ofNanos(nanos - Math.max(received, readingSince)) : Duration.ZERO;
    }

    /** Returns how long the current write has been blocked. Zero while nobody writes. */
    Duration blockedWrite(long nanos) {
        return writing ? Duration.ofNanos(nanos - writingSince) : Duration.ZERO;
    }
}
