/**
 * Parts: immutable Parquet files, each with a checksum and a footer that names its columns.
 * {@link org.rowmill.store.parts.PartDirectory} lists and publishes them, {@link org.rowmill.store.parts.PartGroups}
 * writes them, {@link org.rowmill.store.parts.PartReader} reads them.
 */
@NullMarked
package org.rowmill.store.parts;

import org.jspecify.annotations.NullMarked;
