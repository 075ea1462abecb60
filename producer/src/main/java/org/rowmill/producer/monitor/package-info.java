/** What a run reports: status, metrics, progress, and a summary of failures. */
@NullMarked
package org.rowmill.producer.monitor;

import org.jspecify.annotations.NullMarked;
