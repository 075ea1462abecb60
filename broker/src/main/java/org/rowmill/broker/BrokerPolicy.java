package org.rowmill.broker;

import java.util.function.BooleanSupplier;

/**
 * What stands between a connection and the broker.
 *
 * @param rejections is told of what is refused
 * @param isFull whether the broker has so many results that nothing is read from nodes for now, whatever they send
 */
record BrokerPolicy(Rejections rejections, BooleanSupplier isFull) {}
