package org.rowmill.schemas.protocol;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** Property of a row message: the nodes that do not receive it. The value is what {@link #avoid} returns. */
    public static final String AVOID = "avoid";

    private static final String SEPARATOR = ".";

    /**
     * Returns the value of the property {@link #AVOID}.
     *
     * @param nodes names of the nodes that do not receive the row
     * @return the same for equal sets
     */
    public static String avoid(Set<String> nodes) {
        return nodes.stream().sorted().map(Queues::element).collect(Collectors.joining("", SEPARATOR, ""));
    }

    /**
     * Returns the JMS message selector of the consumers of a node.
     *
     * @param node name of the node
     * @return selects all rows except those that avoid the node
     */
    public static String rowsFor(String node) {
        return AVOID + " IS NULL OR " + AVOID + " NOT LIKE '%" + SEPARATOR + element(node) + "%'";
    }

    /** Names are in hexadecimal, because quotes, wildcards or the separator may occur in a name. */
    private static String element(String node) {
        return HexFormat.of().formatHex(node.getBytes(StandardCharsets.UTF_8)) + SEPARATOR;
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
