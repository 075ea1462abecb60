/**
 * Keys of rows. {@link org.rowmill.store.keys.KeyScan} computes and reads them,
 * {@link org.rowmill.store.keys.StoredKeys} keeps the stored columns of each.
 */
@NullMarked
package org.rowmill.store.keys;

import org.jspecify.annotations.NullMarked;
