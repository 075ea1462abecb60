package org.rowmill.producer.monitor;

/**
 * How far a table is.
 *
 * @param finished rows done and failed
 * @param failed rows failed
 * @param planned rows planned so far
 * @param isPlanned whether these are all rows
 * @param busy number of busy slots
 * @param slots number of all slots
 */
public record ProgressState(long finished, long failed, long planned, boolean isPlanned, int busy, int slots) {}
