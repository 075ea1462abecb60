/** What every part of Rowmill agrees on: table models, messages and their encoding, queue names, the cluster file. */
@NullMarked
package org.rowmill.schemas;

import org.jspecify.annotations.NullMarked;
