/** The embedded Artemis broker of a run. */
@NullMarked
package org.rowmill.broker;

import org.jspecify.annotations.NullMarked;
