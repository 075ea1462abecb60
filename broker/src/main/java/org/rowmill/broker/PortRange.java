package org.rowmill.broker;

/**
 * The TCP ports on which a run can listen.
 *
 * @param first first port, 1 to 65535
 * @param count number of consecutive ports, from 1
 */
public record PortRange(int first, int count) {

    private static final int LAST_PORT = 65_535;

    public PortRange {
        if (first < 1 || first > LAST_PORT) {
            throw new IllegalArgumentException("port: expected 1 to " + LAST_PORT + ", not " + first);
        }
        if (count < 1 || count > LAST_PORT - first + 1) {
            throw new IllegalArgumentException("port count: expected 1 to " + (LAST_PORT - first + 1)
                    + " (the last port is " + LAST_PORT + "), not " + count);
        }
    }

    /**
     * Returns the last port.
     *
     * @return the last port of the range
     */
    public int last() {
        return first + count - 1;
    }

    /** Returns the text for messages, such as {@code ports 11000 to 11009}. */
    @Override
    public String toString() {
        return count == 1 ? "port " + first : "ports " + first + " to " + last();
    }
}
