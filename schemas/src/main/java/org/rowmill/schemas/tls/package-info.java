/**
 * TLS of the connections between broker and consumers. The only package of this module that uses Artemis. Modules that
 * use this package bring Artemis themselves.
 */
@NullMarked
package org.rowmill.schemas.tls;

import org.jspecify.annotations.NullMarked;
