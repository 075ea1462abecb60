package org.rowmill.mounter;

import java.io.IOException;
import java.util.Objects;

/** Reports why a node cannot be used: the step that failed, the reason, and what the user can do. */
public final class NodeFault extends Exception {

    private static final long serialVersionUID = 1L;

    private final ConnectionStep step;
    private final String fix;
    private final boolean isLasting;

    /**
     * Makes a fault.
     *
     * @param step the step that failed
     * @param why a clause without a full stop
     * @param fix what to do about it, as a sentence
     */
    public NodeFault(ConnectionStep step, String why, String fix) {
        this(step, why, fix, false);
    }

    private NodeFault(ConnectionStep step, String why, String fix, boolean isLasting) {
        super(Objects.requireNonNull(why));
        this.isLasting = isLasting;
        this.step = Objects.requireNonNull(step);
        this.fix = Objects.requireNonNull(fix);
    }

    /**
     * Makes a fault that another attempt would meet again.
     *
     * @param step the step that failed
     * @param why a clause without a full stop
     * @param fix what to do about it, as a sentence
     * @return a fault
     */
    public static NodeFault lasting(ConnectionStep step, String why, String fix) {
        return new NodeFault(step, why, fix, true);
    }

    /**
     * Makes the fault of a lost connection.
     *
     * @param step the step that failed
     * @param e how it failed
     * @return a fault
     */
    public static NodeFault lost(ConnectionStep step, IOException e) {
        return new NodeFault(
                step,
                "the connection is lost: " + e.getMessage(),
                "Check that the node is on and that its network works.");
    }

    /**
     * Returns the step that failed.
     *
     * @return one of all steps
     */
    public ConnectionStep step() {
        return step;
    }

    /**
     * Returns whether another attempt is of no use.
     *
     * @return false if the fault may pass
     */
    public boolean isLasting() {
        return isLasting;
    }

    /**
     * Returns what to do about it.
     *
     * @return a sentence
     */
    public String fix() {
        return fix;
    }
}
