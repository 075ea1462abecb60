/** Puts a run together, computes its tables one after the other, and takes it apart. */
@NullMarked
package org.rowmill.producer.run;

import org.jspecify.annotations.NullMarked;
