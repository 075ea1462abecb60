/** The files of a run: its directory, its logs and the history of its attempts. */
@NullMarked
package org.rowmill.producer.rundir;

import org.jspecify.annotations.NullMarked;
