package org.rowmill.producer.health;

import java.util.Map;

/**
 * Bounds the number of first attempts that run, by the slots of the nodes and by the rows that have not ended a first
 * attempt.
 *
 * @param slots number of slots of each node, by its name
 * @param rows rows in flight whose first attempt has no outcome
 */
record Running(Map<String, Integer> slots, long rows) {

    long on(String node) {
        return Math.min(rows, slots.getOrDefault(node, 0));
    }

    long onOthersThan(String node) {
        long others = slots.values().stream().mapToLong(Integer::longValue).sum() - slots.getOrDefault(node, 0);
        return Math.min(rows, others);
    }
}
