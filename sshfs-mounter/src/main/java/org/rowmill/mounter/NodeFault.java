package org.rowmill.mounter;

import java.io.IOException;
import java.util.Objects;

/** Why a node cannot be used: in which step, why, and what the user can do. */
public final class NodeFault extends Exception {

    private static final long serialVersionUID = 1L;

    private final ConnectionStep step;
    private final String fix;

    /**
     * A fault.
     *
     * @param step where it happened
     * @param why in a person's words
     * @param fix what to do about it, as a sentence
     */
    public NodeFault(ConnectionStep step, String why, String fix) {
        super(Objects.requireNonNull(why));
        this.step = Objects.requireNonNull(step);
        this.fix = Objects.requireNonNull(fix);
    }

    public static NodeFault lost(ConnectionStep step, IOException e) {
        return new NodeFault(
                step, "the connection broke: " + e.getMessage(), "See whether the node and its network are up.");
    }

    /**
     * The step that failed.
     *
     * @return one of all steps
     */
    public ConnectionStep step() {
        return step;
    }

    /**
     * What to do.
     *
     * @return a sentence
     */
    public String fix() {
        return fix;
    }
}
