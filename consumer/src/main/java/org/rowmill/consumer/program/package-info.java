/**
 * External programs that rows run. {@link org.rowmill.consumer.program.ProgramRun} runs one,
 * {@link org.rowmill.consumer.program.CleanupProcess} ends those that are left when the consumer ends.
 */
@NullMarked
package org.rowmill.consumer.program;

import org.jspecify.annotations.NullMarked;
