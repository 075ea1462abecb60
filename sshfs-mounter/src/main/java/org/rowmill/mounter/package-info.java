/** The steps that connect and prepare a node, and the fault that each of them can report. */
@NullMarked
package org.rowmill.mounter;

import org.jspecify.annotations.NullMarked;
