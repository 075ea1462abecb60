/**
 * What head and consumers exchange: messages and their encoding, queues, settings, control and heartbeats. The only package
 * that knows CBOR.
 */
@NullMarked
package org.rowmill.schemas.protocol;

import org.jspecify.annotations.NullMarked;
