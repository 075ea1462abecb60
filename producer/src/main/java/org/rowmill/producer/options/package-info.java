/** The options of a run as immutable values. */
@NullMarked
package org.rowmill.producer.options;

import org.jspecify.annotations.NullMarked;
