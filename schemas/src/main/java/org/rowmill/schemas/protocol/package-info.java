/**
 * What the head and consumers exchange: messages and their encoding, queues, settings, commands and heartbeats. The
 * only package that uses CBOR.
 */
@NullMarked
package org.rowmill.schemas.protocol;

import org.jspecify.annotations.NullMarked;
