package org.rowmill.broker;

import java.util.function.BooleanSupplier;

/**
 * How the broker treats connections.
 *
 * @param rejections receives what is rejected
 * @param isFull whether so many results wait in the broker that it pauses reading from nodes
 */
record BrokerPolicy(Rejections rejections, BooleanSupplier isFull) {}
