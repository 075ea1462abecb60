/**
 * The input files of rows: index values that are paths. {@link org.rowmill.producer.inputs.RowInputs} finds the rows
 * whose files have changed since their values were computed.
 */
@NullMarked
package org.rowmill.producer.inputs;

import org.jspecify.annotations.NullMarked;
