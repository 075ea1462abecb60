/** The way to the nodes: SSH sessions, the mount, the start of consumers. */
@NullMarked
package org.rowmill.mounter;

import org.jspecify.annotations.NullMarked;
