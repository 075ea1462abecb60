package org.rowmill.producer.dispatch;

import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * An attempt that ended with the crash of its consumer, or because the row exceeded its time limit and its consumer had
 * to be ended.
 *
 * @param number of the row
 * @param node where the consumer ran
 * @param failure why the attempt failed
 * @param attempts attempts of the row that ended so, this one included
 * @param isFailed whether the attempt counts as failed; otherwise the row is computed again without a penalty
 */
record CrashedAttempt(long number, String node, Failure failure, int attempts, boolean isFailed) {}
