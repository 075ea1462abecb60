/** Keys of rows, and which columns are stored for each. */
@NullMarked
package org.rowmill.store.keys;

import org.jspecify.annotations.NullMarked;
