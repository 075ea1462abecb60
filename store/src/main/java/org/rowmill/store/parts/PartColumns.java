package org.rowmill.store.parts;

import java.util.BitSet;

/**
 * A part, and which of its columns to read.
 *
 * @param part the part
 * @param read numbers of the columns to read; the part carries them
 * @param counting those of them whose values still count: they are preferred to newer ones that do not
 */
public record PartColumns(Part part, BitSet read, BitSet counting) {}
