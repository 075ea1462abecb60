/**
 * The launcher: it starts a second JVM for the head, in the directory of the project and in a locale with UTF-8. Entry
 * type: {@link org.rowmill.producer.launch.HeadProcess}. In: the words of the command line. Out: the exit code of the
 * second JVM. In the second JVM, {@link org.rowmill.producer.launch.Launched} says what the launcher knew.
 */
@NullMarked
package org.rowmill.producer.launch;

import org.jspecify.annotations.NullMarked;
