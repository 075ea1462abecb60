/** The cluster file: one node a line. */
@NullMarked
package org.rowmill.schemas.cluster;

import org.jspecify.annotations.NullMarked;
