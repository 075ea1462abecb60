package org.rowmill.producer.health;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Counts the first attempts of one node at the rows of a table, since the node began it or was last excluded. */
final class NodeCounts {

    private static final int EXAMPLES = 3;

    /** The first test is due after this many failures, */
    private static final int FIRST_TEST = 4;

    /** and each later one after one part in so many more: the fewer the tests, the higher the power of each. */
    private static final int STEPS = 4;

    private final String name;
    private final List<Period> periods = new ArrayList<>();
    private final Deque<String> examples = new ArrayDeque<>();
    private long failed;
    private long nextTest = FIRST_TEST;
    private int tests;

    /** The attempts that started between two times at which a node began. */
    static final class Period {
        private final long begin;
        private long succeeded;
        private long failed;

        Period(long begin) {
            this.begin = begin;
        }

        void countSucceeded() {
            succeeded++;
        }

        /** Counts a failed attempt. Its row is retried. */
        void countFailed() {
            failed++;
        }

        /** Forgets a failed attempt: its row was given up. */
        void forgetFailed() {
            failed--;
        }
    }

    /**
     * Starts with no attempts.
     *
     * @param name of the node
     * @param nanos the time
     */
    NodeCounts(String name, long nanos) {
        this.name = name;
        beginPeriod(nanos);
    }

    /** Counts attempts that start from now on apart from those before, because another node begins. */
    void beginPeriod(long nanos) {
        periods.add(new Period(nanos));
    }

    String name() {
        return name;
    }

    /** Returns the period in which an attempt started. */
    Period period(long start) {
        int last = periods.size() - 1;
        while (last > 0 && periods.get(last).begin - start > 0) {
            last--;
        }
        return periods.get(last);
    }

    /** Counts the row of a failed attempt, which has been computed since. */
    void countComputed(String example) {
        failed++;
        if (examples.size() == EXAMPLES) {
            examples.removeFirst();
        }
        examples.addLast(example);
    }

    /** Returns the number of the test that is due now, from 1; 0: none. Depends on the number of failures only. */
    int testDue() {
        if (failed < nextTest) {
            return 0;
        }
        nextTest = failed + 1 + failed / STEPS;
        return ++tests;
    }

    /** Returns the attempts whose rows have been computed. */
    Sample decided() {
        return new Sample(
                failed, periods.stream().mapToLong(period -> period.succeeded).sum());
    }

    /** Returns the attempts of another node that started since this node began; undecided ones count as failed. */
    Sample since(NodeCounts other) {
        long from = periods.get(0).begin;
        return other.periods.stream()
                .filter(period -> period.begin - from >= 0)
                .map(period -> new Sample(period.failed, period.succeeded))
                .reduce(Sample.NONE, Sample::plus);
    }

    String examples() {
        return String.join(", ", examples);
    }
}
