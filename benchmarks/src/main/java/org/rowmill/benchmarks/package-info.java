/**
 * Measures Rowmill. {@link org.rowmill.benchmarks.BareLoop} measures the broker without Rowmill: the limit with which
 * runs are compared. The classes named {@code ...Benchmark} measure inner loops with JMH. No other package uses this
 * one.
 */
@NullMarked
package org.rowmill.benchmarks;

import org.jspecify.annotations.NullMarked;
