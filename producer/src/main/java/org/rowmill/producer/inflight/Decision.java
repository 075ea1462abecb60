package org.rowmill.producer.inflight;

import java.util.List;
import java.util.Optional;
import org.rowmill.broker.Rejection;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * What to do after an event. {@link #carryOut} calls the executor's method for the decision, so that no executor
 * compiles that forgets one.
 */
public sealed interface Decision {

    /**
     * Calls the method for this decision.
     *
     * @param executor carries it out
     * @param nanos the time of the event
     */
    void carryOut(Executor executor, long nanos);

    /** Has one method for each decision. */
    interface Executor {
        void store(Store store, long nanos);

        void retry(Retry retry, long nanos);

        void giveUp(GiveUp giveUp, long nanos);

        void repeat(Repeat repeat);

        void reject(Reject reject);

        void ignore(Ignore why);
    }

    /**
     * Store the values: the row is done.
     *
     * @param row the row
     * @param result its values
     * @param attempts how many attempts it took, including those that ended with a crash
     * @param failures the attempts that failed before, in order
     */
    record Store(PlannedRow row, ResultMessage result, int attempts, List<FailedAttempt> failures) implements Decision {
        @Override
        public void carryOut(Executor executor, long nanos) {
            executor.store(this, nanos);
        }
    }

    /**
     * Keep the values of a failed attempt: the row will be published again for the rest.
     *
     * @param row the row
     * @param attempt the failed attempt
     * @param result its values; empty: it has none
     * @param attempts number of the attempt
     */
    record Retry(PlannedRow row, FailedAttempt attempt, Optional<ResultMessage> result, int attempts)
            implements Decision {
        @Override
        public void carryOut(Executor executor, long nanos) {
            executor.retry(this, nanos);
        }
    }

    /**
     * Keep the values of a failed attempt, and record the row as failed.
     *
     * @param number number of the row
     * @param row the row
     * @param attempt the last attempt
     * @param result its values; empty: it has none
     * @param attempts how many attempts there were
     */
    record GiveUp(long number, PlannedRow row, FailedAttempt attempt, Optional<ResultMessage> result, int attempts)
            implements Decision {
        @Override
        public void carryOut(Executor executor, long nanos) {
            executor.giveUp(this, nanos);
        }
    }

    /**
     * Record that the consumer crashed or its node was lost: the row will be computed again, and the attempt does not
     * count as failed.
     *
     * @param row the row
     * @param node where the consumer ran
     * @param failure how the consumer ended
     * @param attempts number of the attempt
     */
    record Repeat(PlannedRow row, String node, Failure failure, int attempts) implements Decision {
        @Override
        public void carryOut(Executor executor, long nanos) {
            executor.repeat(this);
        }
    }

    /**
     * Reject a message that no consumer of Rowmill sends.
     *
     * @param node that sent it
     * @param why the reason
     */
    record Reject(String node, Rejection why) implements Decision {
        @Override
        public void carryOut(Executor executor, long nanos) {
            executor.reject(this);
        }
    }

    /** Do nothing. */
    enum Ignore implements Decision {
        /** Another result of the row came first. */
        DUPLICATE,
        /** The event belongs to a table that has ended, or to a row that was published again since. */
        LATE,
        /** A consumer has returned the row; it will be published again. */
        RETURNED;

        @Override
        public void carryOut(Executor executor, long nanos) {
            executor.ignore(this);
        }
    }
}
