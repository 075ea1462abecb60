package org.rowmill.producer.inflight;

/**
 * What the owner of rows needs to know of a table.
 *
 * @param table its number in the run
 * @param columns number of its columns
 * @param retries how often a failed row is retried
 */
public record TableRules(int table, int columns, int retries) {}
