/**
 * What the values of a column depend on besides its row: the code that its method can reach, in the project and in
 * {@code lib/}, and the files of the project that this code names. {@link org.rowmill.producer.code.ProjectCodeHashes}
 * is the entry.
 */
@NullMarked
package org.rowmill.producer.code;

import org.jspecify.annotations.NullMarked;
