/**
 * The options that {@code run} and other commands share, by theme. Each class is a picocli mixin, and makes a part of the
 * {@link org.rowmill.producer.options.RunOptions} from its options.
 */
@NullMarked
package org.rowmill.producer.cli.settings;

import org.jspecify.annotations.NullMarked;
