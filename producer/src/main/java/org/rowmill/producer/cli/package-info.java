/** The command line: one class for each command. No other package uses picocli. */
@NullMarked
package org.rowmill.producer.cli;

import org.jspecify.annotations.NullMarked;
