/** What every module shares: wrong input, versions, names, times and sizes. */
@NullMarked
package org.rowmill.schemas;

import org.jspecify.annotations.NullMarked;
