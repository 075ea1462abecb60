/**
 * Dispatches the rows of a table: publishing, collecting, retries, crashed consumers and lost rows. {@link
 * org.rowmill.producer.dispatch.TableDispatch} publishes planned rows and collects their results. {@link
 * org.rowmill.producer.dispatch.InFlightRows} knows the rows in between.
 */
@NullMarked
package org.rowmill.producer.dispatch;

import org.jspecify.annotations.NullMarked;
