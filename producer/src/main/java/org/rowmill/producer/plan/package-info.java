/** Finds the rows and columns that are missing. */
@NullMarked
package org.rowmill.producer.plan;

import org.jspecify.annotations.NullMarked;
