/**
 * The embedded Artemis broker of a run. {@link org.rowmill.broker.EmbeddedBroker} starts it on a free port, with an
 * account for each node. The only package that uses the server classes of Artemis.
 */
@NullMarked
package org.rowmill.broker;

import org.jspecify.annotations.NullMarked;
