/** The user's cache of files that can be made again: consumer.jar, class archives, Java runtimes for nodes. */
@NullMarked
package org.rowmill.producer.cache;

import org.jspecify.annotations.NullMarked;
