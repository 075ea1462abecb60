package org.rowmill.broker;

/**
 * The TCP ports that a run may listen on.
 *
 * @param first the first port, 1 to 65535
 * @param count how many follow one another, 1 or more, the first included
 */
public record PortRange(int first, int count) {

    private static final int LAST_PORT = 65_535;

    public PortRange {
        if (first < 1 || first > LAST_PORT) {
            throw new IllegalArgumentException("port: 1 to " + LAST_PORT + " was expected, not " + first);
        }
        if (count < 1 || count > LAST_PORT - first + 1) {
            throw new IllegalArgumentException("port count: 1 to " + (LAST_PORT - first + 1)
                    + " was expected (the last port is " + LAST_PORT + "), not " + count);
        }
    }

    /**
     * The last port.
     *
     * @return included in the range
     */
    public int last() {
        return first + count - 1;
    }

    /** The range as messages name it. */
    @Override
    public String toString() {
        return count == 1 ? "port " + first : "ports " + first + " to " + last();
    }
}
