package org.rowmill.store.parts;

import java.util.BitSet;

/**
 * A part, and which of its columns to read.
 *
 * @param part the part
 * @param read numbers of the columns to read; the part has values for them
 * @param valid numbers of those columns whose values are valid; a valid value replaces newer values that are not valid
 */
public record PartColumns(Part part, BitSet read, BitSet valid) {}
