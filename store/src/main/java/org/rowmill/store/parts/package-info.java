/**
 * Parts: immutable Parquet files, each with a checksum and a footer that names its columns, and the directory that holds
 * them.
 */
@NullMarked
package org.rowmill.store.parts;

import org.jspecify.annotations.NullMarked;
