/** How the process communicates with its caller: the terminal, signals and exit codes. */
@NullMarked
package org.rowmill.producer.console;

import org.jspecify.annotations.NullMarked;
