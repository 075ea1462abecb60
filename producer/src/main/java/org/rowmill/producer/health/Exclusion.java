package org.rowmill.producer.health;

import java.time.Duration;
import java.util.Optional;

/**
 * The decision to exclude a node.
 *
 * @param node the node
 * @param time how long it gets no rows
 * @param evidence how many rows failed there and on the other nodes, with examples; part of a sentence
 * @param stopReason why the run stops, if too many nodes are excluded now
 */
public record Exclusion(String node, Duration time, String evidence, Optional<String> stopReason) {}
