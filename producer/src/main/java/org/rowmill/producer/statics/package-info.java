/** Finds static state that the rows of a project share. */
@NullMarked
package org.rowmill.producer.statics;

import org.jspecify.annotations.NullMarked;
