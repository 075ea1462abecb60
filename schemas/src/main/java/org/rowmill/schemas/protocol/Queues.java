package org.rowmill.schemas.protocol;

import java.util.List;

/**
 * Names of the queues of one run; another run's differ, so that two runs never take each other's messages.
 *
 * @param rows rows to compute, head to consumers
 * @param results what became of them, consumers to head
 * @param nodes heartbeats, consumers to head
 * @param dead messages that no consumer could take
 */
public record Queues(String rows, String results, String nodes, String dead) {

    /** Property of a row message: name of a node that is not to have it, since it failed there. */
    public static final String AVOID = "avoid";

    /**
     * The JMS message selector of a node's consumer.
     *
     * @param node its name
     * @return takes all rows but those that are to avoid it
     */
    public static String rowsFor(String node) {
        return AVOID + " IS NULL OR " + AVOID + " <> '" + node.replace("'", "''") + "'";
    }

    /**
     * The queues of a run.
     *
     * @param run the run's id
     * @return their names
     */
    public static Queues of(String run) {
        String prefix = "rowmill." + run + ".";
        return new Queues(prefix + "rows", prefix + "results", prefix + "nodes", prefix + "dead");
    }

    /**
     * All of them.
     *
     * @return four names
     */
    public List<String> all() {
        return List.of(rows, results, nodes, dead);
    }
}
