/**
 * The rows in flight: the only owner of what is known about a row between its publishing and its end. {@link
 * org.rowmill.producer.inflight.InFlightRows} receives events with their times, and answers each one with a {@link
 * org.rowmill.producer.inflight.Decision}. Nothing here has a thread, a connection, a file or a clock; the package
 * {@code dispatch} carries out the decisions.
 */
@NullMarked
package org.rowmill.producer.inflight;

import org.jspecify.annotations.NullMarked;
