/** Steps by which a node is connected and prepared, and the faults that can happen at each. */
@NullMarked
package org.rowmill.mounter;

import org.jspecify.annotations.NullMarked;
