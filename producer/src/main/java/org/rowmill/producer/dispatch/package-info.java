/**
 * Dispatches the rows of a table: publishing, collecting, retries, crashed consumers and lost rows. {@link
 * org.rowmill.producer.dispatch.TableDispatch} publishes planned rows and collects their results. {@link
 * org.rowmill.producer.inflight.InFlightRows} decides what happens to the rows in between; this package carries it out.
 */
@NullMarked
package org.rowmill.producer.dispatch;

import org.jspecify.annotations.NullMarked;
