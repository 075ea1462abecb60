package org.rowmill.schemas.protocol;

import java.util.List;

/**
 * Names of the queues of one run. They contain the id of the run, so that two runs never receive messages of each
 * other.
 *
 * @param rows rows to compute, from the head to consumers
 * @param results results, from consumers to the head
 * @param nodes heartbeats, from consumers to the head
 * @param dead dead letters
 */
public record Queues(String rows, String results, String nodes, String dead) {

    /** Property of a row message: name of the node where the row failed, which does not receive it again. */
    public static final String AVOID = "avoid";

    /**
     * Returns the JMS message selector of the consumers of a node.
     *
     * @param node name of the node
     * @return selects all rows except those that avoid the node
     */
    public static String rowsFor(String node) {
        return AVOID + " IS NULL OR " + AVOID + " <> '" + node.replace("'", "''") + "'";
    }

    /**
     * Returns the queues of a run.
     *
     * @param run id of the run
     * @return names of the queues
     */
    public static Queues of(String run) {
        String prefix = "rowmill." + run + ".";
        return new Queues(prefix + "rows", prefix + "results", prefix + "nodes", prefix + "dead");
    }

    /**
     * Returns all queues.
     *
     * @return four names
     */
    public List<String> all() {
        return List.of(rows, results, nodes, dead);
    }
}
