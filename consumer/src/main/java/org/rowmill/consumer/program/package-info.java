/** External programs that rows run, and the process that cleans up after them. */
@NullMarked
package org.rowmill.consumer.program;

import org.jspecify.annotations.NullMarked;
