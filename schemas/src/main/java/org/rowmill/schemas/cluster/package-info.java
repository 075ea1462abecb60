/** The cluster file, with one node on each line. */
@NullMarked
package org.rowmill.schemas.cluster;

import org.jspecify.annotations.NullMarked;
