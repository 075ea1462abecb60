package org.rowmill.producer.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.schemas.protocol.RowMessage;
import org.rowmill.store.keys.IndexKey;

/**
 * A run of one or two small tables on a simulated broker, nodes and clock. A seed decides in which order messages
 * arrive, consumers crash, nodes are lost, results come twice or late. {@link #run} plays the history to its end and
 * compares what became of each row with what must become of it.
 */
final class SimulatedRun {

    private static final int FAULTY_STEPS = 150;
    private static final int MOST_STEPS = 30_000;
    private static final Failure CRASHED = new Failure("", "ConsumerCrashed", "", "", false);
    private static final Failure OVERDUE = new Failure("", "Timeout", "", "", true);
    private static final long HEAP = 100;

    private final Random random;
    private final InFlightRows rows;
    private final List<Node> nodes = new ArrayList<>();
    private final Deque<Message> queue = new ArrayDeque<>();
    private final Deque<ResultMessage> results = new ArrayDeque<>();
    private final List<Report> reports = new ArrayList<>();
    private final boolean isTimely;
    private final int maxRows;
    private int kills;
    private int vanished;
    private int steps;
    private int lastStepWithLostNode;
    private boolean wereAllNodesAlive = true;
    private int table;
    private int retries;
    private Kind[] kinds = {};
    private int published;
    private long nextNumber;
    private long now;
    private boolean isFaulty = true;
    private boolean isStopped;
    private final List<Outcome> outcomes = new ArrayList<>();

    /** What a row does when it is computed. */
    enum Kind {
        GOOD,
        /** Fails half of its attempts, wherever they are. */
        FLAKY,
        /** Fails on the first node. */
        FAILS_ON_FIRST_NODE,
        FAILS,
        FAILS_FOR_GOOD,
        /** Crashes its consumer. */
        POISON,
        /** Fills the heap of a consumer, unless it is the only row and the heap is large. */
        LARGE,
        /** Ignores its interrupt: its consumer is ended because of it. */
        OVERDUE
    }

    /** A message of a row; the broker counts how often it was delivered. */
    private record Message(RowMessage row, Set<String> avoided, long publishedAt, int publishedIn, int deliveries) {
        Message again() {
            return new Message(row, avoided, publishedAt, publishedIn, deliveries + 1);
        }
    }

    /** The report of a crash, which reaches the head at this time. */
    private record Report(Crash crash, long at) {}

    /** What has become of a row. */
    private static final class Outcome {
        private int stored;
        private int givenUp;
        private int failures;
        private int failedAnswers;
        private int crashesAlone;
        private final Set<String> failedOn = new HashSet<>();
        private int crashes;
        private int interrupted;
    }

    private final class Node {
        private final String name;
        private final int slots;
        private final long heap;
        private boolean isAlive = true;
        private boolean isGone;
        private final List<Message> prefetched = new ArrayList<>();
        private final List<Message> inHand = new ArrayList<>();
        private final List<Message> finished = new ArrayList<>();
        private final List<ResultMessage> uncommitted = new ArrayList<>();

        Node(String name, int slots, long heap) {
            this.name = name;
            this.slots = slots;
            this.heap = heap;
        }

        boolean isIdle() {
            return prefetched.isEmpty() && inHand.isEmpty() && finished.isEmpty();
        }

        /** All that the consumer has received and not committed returns to the queue. */
        void release() {
            List<Message> back = new ArrayList<>(inHand);
            back.addAll(prefetched);
            back.addAll(finished);
            back.forEach(message -> queue.addFirst(message.again()));
            inHand.clear();
            prefetched.clear();
            finished.clear();
            uncommitted.clear();
        }
    }

    private final ComputingNodes view = new ComputingNodes() {
        @Override
        public Set<String> names() {
            Set<String> names = new HashSet<>();
            for (Node node : nodes) {
                if (node.isAlive) {
                    names.add(node.name);
                }
            }
            return names;
        }

        @Override
        public long heapBytes(String name) {
            return nodes.get(name.charAt(0) - 'a').heap;
        }
    };

    SimulatedRun(long seed) {
        random = new Random(seed);
        maxRows = 1 + random.nextInt(12);
        rows = new InFlightRows(maxRows, 1_000, new RowTokens(seed, seed * 31));
        isTimely = random.nextInt(4) > 0;
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            nodes.add(
                    new Node(String.valueOf((char) ('a' + i)), 1 + random.nextInt(4), HEAP * (1 + random.nextInt(2))));
        }
    }

    void run() {
        int tables = 1 + random.nextInt(2);
        for (table = 0; table < tables && !isStopped; table++) {
            runTable();
        }
    }

    private void runTable() {
        retries = random.nextInt(4);
        kinds = new Kind[1 + random.nextInt(12)];
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = random.nextInt(3) > 0 ? Kind.GOOD : Kind.values()[random.nextInt(Kind.values().length)];
        }
        published = 0;
        outcomes.clear();
        kills = 2;
        rows.beginTable(new TableRules(table, 1, retries));
        nextNumber = rows.nextRow();
        isFaulty = true;
        vanished = 0;
        steps = 0;
        while (!rows.isFinished()) {
            if (steps == FAULTY_STEPS) {
                endFaults();
            }
            step();
            noteLostNodes();
            if (++steps > MOST_STEPS) {
                throw new AssertionError("the table does not end: " + rows.counts() + ", queue " + queue + ", results "
                        + results + ", reports " + reports);
            }
        }
        checkOutcomes();
    }

    private void noteLostNodes() {
        for (Node node : nodes) {
            if (!node.isAlive) {
                lastStepWithLostNode = steps;
                wereAllNodesAlive = false;
            }
        }
    }

    /** Some nodes are lost for good, the others compute what is left. */
    private void endFaults() {
        isFaulty = false;
        for (Node node : nodes.subList(1, nodes.size())) {
            node.isGone |= random.nextInt(4) == 0;
            if (node.isGone && node.isAlive) {
                node.release();
            }
        }
        nodes.forEach(node -> node.isAlive = !node.isGone);
    }

    private void step() {
        switch (random.nextInt(isFaulty ? 16 : 10)) {
            case 0 -> publish();
            case 1, 2 -> receive(anyNode());
            case 3, 4 -> begin(anyNode());
            case 5, 6 -> finish(anyNode());
            case 7 -> commit(anyNode());
            case 8 -> collect();
            case 9 -> passTime();
            case 10 -> kill(anyNode());
            case 11 -> loseNode(anyNode());
            case 12 -> duplicateResult();
            case 13 -> forge();
            case 14 -> vanish(anyNode());
            default -> {
                if (random.nextInt(200) == 0) {
                    isStopped = true;
                }
            }
        }
        if (isStopped) {
            takeBack();
        }
    }

    private Node anyNode() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private void publish() {
        if (published == kinds.length || isStopped) {
            rows.close();
            return;
        }
        long number = nextNumber;
        PlannedRow row =
                new PlannedRow(List.of((long) published), new IndexKey(published, table), List.of(), Map.of(), false);
        if (rows.tryAdd(number, row, 10)) {
            RowMessage message = new RowMessage(
                    table, number, rows.token(number), 1, false, row.index(), row.columns(), row.known());
            queue.addLast(new Message(message, Set.of(), now, steps, 0));
            outcomes.add(new Outcome());
            published++;
            nextNumber = rows.nextRow();
            assertThat(rows.counts().inFlight()).isLessThanOrEqualTo(maxRows);
        }
    }

    private void receive(Node node) {
        if (!node.isAlive || node.prefetched.size() > 3) {
            return;
        }
        for (Iterator<Message> all = queue.iterator(); all.hasNext(); ) {
            Message message = all.next();
            if (!message.avoided().contains(node.name)) {
                all.remove();
                node.prefetched.add(message.again());
                return;
            }
        }
    }

    private void begin(Node node) {
        if (!node.isAlive || node.prefetched.isEmpty() || node.inHand.size() == node.slots) {
            return;
        }
        Message next = node.prefetched.remove(0);
        boolean isAlone = next.row().alone();
        if (next.deliveries() > 1) {
            node.finished.add(next);
            node.uncommitted.add(ResultMessage.returned(next.row(), node.name, ResultMessage.Kind.REDELIVERED));
        } else if (isAlone && !node.inHand.isEmpty()) {
            node.finished.add(next);
            node.uncommitted.add(ResultMessage.returned(next.row(), node.name, ResultMessage.Kind.NOT_ALONE));
        } else if (node.inHand.stream().anyMatch(other -> other.row().alone())) {
            node.prefetched.add(0, next);
        } else {
            node.inHand.add(next);
        }
    }

    private void finish(Node node) {
        if (!node.isAlive || node.inHand.isEmpty()) {
            return;
        }
        Message message = node.inHand.get(random.nextInt(node.inHand.size()));
        if (message.row().table() != table) {
            node.inHand.remove(message); // its result would be late
            node.finished.add(message);
            return;
        }
        int index = index(message.row());
        switch (kinds[index]) {
            case POISON -> crash(node, false, message, false);
            case LARGE -> {
                if (node.inHand.size() > 1 || node.heap == HEAP) {
                    crash(node, true, message, false);
                } else {
                    answer(node, message, false, true);
                }
            }
            case OVERDUE -> crash(node, false, message, true);
            case FLAKY -> answer(node, message, random.nextBoolean(), true);
            case FAILS_ON_FIRST_NODE -> {
                checkIsElsewhere(node, message, outcomes.get(index));
                answer(node, message, node == nodes.get(0), true);
            }
            case FAILS -> answer(node, message, true, true);
            case FAILS_FOR_GOOD -> answer(node, message, true, false);
            case GOOD -> answer(node, message, false, true);
        }
    }

    /** The attempt after the last retry is made on another node, unless there was none since it was published. */
    private void checkIsElsewhere(Node node, Message message, Outcome outcome) {
        boolean isExtra = retries > 0 && outcome.failures == retries + 1 && outcome.failedOn.equals(Set.of(node.name));
        if (isExtra && nodes.size() > 1 && message.publishedIn() > lastStepWithLostNode) {
            throw new AssertionError("the attempt after the last retry is on the node that failed");
        }
    }

    private int index(RowMessage row) {
        return (int) (long) (Long) row.index().get(0);
    }

    private void answer(Node node, Message message, boolean fails, boolean isRetryable) {
        node.inHand.remove(message);
        node.finished.add(message);
        RowMessage row = message.row();
        outcomes.get(index(row)).failedAnswers += fails ? 1 : 0;
        Map<Integer, Object> values = fails ? Map.of() : Map.of(0, 1L);
        List<Failure> failures = fails ? List.of(new Failure("c", "E", "", "", isRetryable)) : List.of();
        node.uncommitted.add(new ResultMessage(
                row.table(),
                row.row(),
                row.token(),
                row.attempt(),
                node.name,
                1,
                ResultMessage.Kind.COMPUTED,
                values,
                failures));
    }

    private void commit(Node node) {
        if (node.isAlive) {
            results.addAll(node.uncommitted);
            node.uncommitted.clear();
            node.finished.clear();
        }
    }

    private void crash(Node node, boolean isOutOfMemory, @Nullable Message culprit, boolean isOverdue) {
        List<HeldRow> held = new ArrayList<>();
        for (Message message : node.inHand) {
            boolean isCulprit = message.equals(culprit);
            held.add(new HeldRow(
                    message.row().row(), message.row().token(), message.row().attempt(), isOverdue && isCulprit));
            if (message.row().table() == table && isOverdue) {
                outcomes.get(index(message.row())).failedAnswers += isCulprit ? 1 : 0;
            } else if (message.row().table() == table) {
                Outcome outcome = outcomes.get(index(message.row()));
                outcome.crashes += isCulprit ? 1 : 0;
                outcome.interrupted += isCulprit ? 0 : 1;
                outcome.crashesAlone += node.inHand.size() == 1 ? 1 : 0;
            }
        }
        node.release();
        int delay = random.nextInt(isTimely ? (int) InFlightRows.REPORT.toMillis() - 100 : 10_000);
        Crash crash = new Crash(held, node.name, isOutOfMemory, CRASHED, OVERDUE);
        reports.add(new Report(crash, now + Duration.ofMillis(delay).toNanos()));
    }

    private void kill(Node node) {
        if (node.isAlive && kills > 0 && random.nextInt(3) == 0) {
            kills--;
            crash(node, false, null, false);
        }
    }

    private void loseNode(Node node) {
        if (node.isAlive && random.nextInt(3) == 0) {
            node.isAlive = false;
            node.release();
        } else if (!node.isAlive && !node.isGone) {
            node.isAlive = true;
        }
    }

    private void duplicateResult() {
        if (!results.isEmpty()) {
            results.addLast(results.peekFirst());
        }
    }

    /** A consumer drops a row. */
    private void vanish(Node node) {
        if (!node.prefetched.isEmpty() && random.nextInt(3) == 0) {
            node.prefetched.remove(0);
            vanished++;
        }
    }

    private void forge() {
        boolean isOtherTable = random.nextBoolean();
        long number = isOtherTable ? nextNumber : random.nextInt(20);
        RowMessage guessed = new RowMessage(
                isOtherTable ? table + 1 : table,
                number,
                isOtherTable ? rows.token(number) : rows.token(number) + 1,
                1,
                false,
                List.of(0L),
                List.of(),
                Map.of());
        ResultMessage forged = ResultMessage.returned(
                guessed, "a", random.nextBoolean() ? ResultMessage.Kind.REDELIVERED : ResultMessage.Kind.NOT_ALONE);
        assertThat(rows.result(forged, view, now)).isInstanceOf(Decision.Reject.class);
    }

    private void collect() {
        ResultMessage result = results.pollFirst();
        if (result != null) {
            carryOut(rows.result(result, view, now));
        }
    }

    private void handleReports() {
        for (Iterator<Report> all = reports.iterator(); all.hasNext(); ) {
            Report report = all.next();
            if (report.at() <= now) {
                all.remove();
                rows.crashed(report.crash(), view, now).forEach(this::carryOut);
            }
        }
    }

    /** Time passes until the next report of a crash at most. */
    private void passTime() {
        long next = now
                + Duration.ofMillis(random.nextInt(isFaulty ? 3_000 : 100_000)).toNanos();
        for (Report report : reports) {
            next = Math.min(next, report.at());
        }
        now = Math.max(now, next);
        handleReports();
        Set<Long> stranded = rows.stranded(view, now);
        Map<Long, Integer> taken = new HashMap<>();
        if (!stranded.isEmpty()) {
            queue.removeIf(message -> {
                RowMessage row = message.row();
                return stranded.contains(row.row()) && taken.merge(row.row(), row.attempt(), Math::max) > 0;
            });
            rows.takenBack(taken, now);
        }
        for (Publication publication : rows.due(view, now)) {
            checkPublication(publication.message());
            queue.addFirst(new Message(publication.message(), publication.avoided(), now, steps, 0));
        }
        queue.forEach(this::checkPreference);
        if (!isFaulty) {
            queue.removeIf(message -> !rows.isCurrent(message.row()));
        }
        if (isNothingLeft()) {
            int lost = rows.lost(now);
            if (lost > vanished) {
                throw new AssertionError(lost + " rows are lost, but consumers dropped only " + vanished);
            }
        }
    }

    private boolean isNothingLeft() {
        return queue.isEmpty()
                && results.isEmpty()
                && reports.isEmpty()
                && nodes.stream().allMatch(Node::isIdle);
    }

    /** Only rows in flight are published, and only those that were in a consumer when it crashed are computed alone. */
    private void checkPublication(RowMessage row) {
        Outcome outcome = outcomes.get(index(row));
        if (!rows.isCurrent(row)) {
            throw new AssertionError("a row that has ended is published");
        }
        if (row.alone() && outcome.crashes + outcome.interrupted == 0) {
            throw new AssertionError("a row that is no suspect is computed alone");
        }
    }

    /** A row does not wait for another node for long. */
    private void checkPreference(Message message) {
        boolean isOld = now - message.publishedAt() >= RetryPolicy.PREFERENCE.toNanos();
        boolean isFirst =
                message.deliveries() == 0 && rows.find(message.row().row()).isPresent();
        if (isOld
                && isFirst
                && message.row().table() == table
                && !message.avoided().isEmpty()) {
            int index = index(message.row());
            boolean isRule = outcomes.get(index).failures > retries || kinds[index] == Kind.LARGE;
            if (!isRule) {
                throw new AssertionError(kinds[index] + " row waits for another node: " + message);
            }
        }
    }

    private void takeBack() {
        rows.close();
        rows.forgetWaiting();
        queue.forEach(message -> rows.forget(message.row().row()));
        queue.clear();
    }

    private void carryOut(Decision decision) {
        if (decision instanceof Decision.Store store) {
            outcome(store.row()).stored++;
        } else if (decision instanceof Decision.GiveUp giveUp) {
            outcome(giveUp.row()).givenUp++;
            noteFailure(giveUp.row(), giveUp.attempt());
            checkGivenUp(outcome(giveUp.row()), giveUp);
        } else if (decision instanceof Decision.Retry retry) {
            noteFailure(retry.row(), retry.attempt());
        } else {
            assertThat(decision).as("no honest message is rejected").isNotInstanceOf(Decision.Reject.class);
        }
    }

    /** A row is not given up after failures on one node if another node could compute it. */
    private void checkGivenUp(Outcome outcome, Decision.GiveUp giveUp) {
        Kind kind = kinds[(int) (long) (Long) giveUp.row().index().get(0)];
        if (kind == Kind.FAILS_ON_FIRST_NODE && retries > 0 && outcome.failures <= retries + 1) {
            assertThat(outcome.failedOn).as("nodes on which the row failed").containsAll(view.names());
        }
    }

    private void noteFailure(PlannedRow row, FailedAttempt attempt) {
        outcome(row).failures++;
        outcome(row).failedOn.add(attempt.node());
    }

    private Outcome outcome(PlannedRow row) {
        return outcomes.get((int) (long) (Long) row.index().get(0));
    }

    private void checkOutcomes() {
        for (int i = 0; i < published; i++) {
            Outcome outcome = outcomes.get(i);
            Kind kind = kinds[i];
            int ends = outcome.stored + outcome.givenUp;
            assertThat(ends).as("%s row %d ends once", kind, i).isBetween(isStopped ? 0 : 1, 1);
            if (ends == 0) {
                continue;
            }
            switch (kind) {
                case GOOD -> assertThat(outcome.stored).as("innocent row %d", i).isOne();
                case FAILS, OVERDUE -> assertThat(outcome.failures).isBetween(retries + 1, retries + 2);
                case FAILS_FOR_GOOD -> assertThat(outcome.failures).isOne();
                case FLAKY, FAILS_ON_FIRST_NODE ->
                    assertThat(outcome.givenUp == 0 || outcome.failures > retries)
                            .isTrue();
                case POISON ->
                    assertThat(outcome.crashesAlone)
                            .as("crashes of a poison row")
                            .isGreaterThanOrEqualTo(InFlightRows.CRASHES_OF_A_POISON_ROW);
                case LARGE ->
                    assertThat(outcome.stored == 1 || !wereAllNodesAlive || !hasLargeHeap())
                            .as("a row that fits on one node is computed there")
                            .isTrue();
            }
            assertThat(outcome.failures)
                    .as("failures of row %d", i)
                    .isLessThanOrEqualTo(
                            outcome.failedAnswers + (outcome.givenUp > 0 && outcome.crashesAlone > 0 ? 1 : 0));
            if (isTimely) {
                assertThat(outcome.crashes)
                        .as("consumers that %s row %d ends", kind, i)
                        .isLessThanOrEqualTo(4);
                assertThat(outcome.interrupted).as("repetitions of row %d", i).isLessThanOrEqualTo(4);
            }
        }
    }

    private boolean hasLargeHeap() {
        return nodes.stream().anyMatch(node -> node.heap > HEAP);
    }
}
