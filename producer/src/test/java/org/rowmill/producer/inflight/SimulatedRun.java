package org.rowmill.producer.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.ResultMessage;
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
    private static final int HONEST_EVENTS = 10;
    private static final int EVENTS = 16;

    private final Random random;
    private final int maxRows;
    private final InFlightRows rows;
    private final boolean isTimely;
    private final SimulatedNodes nodes;
    private final SimulatedBroker broker = new SimulatedBroker();
    private final List<Report> reports = new ArrayList<>();
    private ExpectedRows expected;
    private SimulatedComputation computation;
    private int table;
    private int published;
    private long nextNumber;
    private int kills;
    private int steps;
    private long now;
    private boolean isFaulty = true;
    private boolean isStopped;

    /** The report of a crash, which reaches the head at this time. */
    private record Report(Crash crash, long at) {}

    SimulatedRun(long seed) {
        random = new Random(seed);
        maxRows = 1 + random.nextInt(12);
        rows = new InFlightRows(maxRows, 1_000, new RowTokens(seed, seed * 31));
        isTimely = random.nextInt(4) > 0;
        nodes = new SimulatedNodes(random);
        expected = new ExpectedRows(new TableRules(0, 1, 0), nodes, rows);
        computation = new SimulatedComputation(expected, nodes, broker, random);
    }

    void run() {
        int tables = 1 + random.nextInt(2);
        for (table = 0; table < tables && !isStopped; table++) {
            beginTable();
            while (!rows.isFinished()) {
                step();
            }
            expected.checkEnds(published, isStopped, isTimely);
        }
    }

    private void beginTable() {
        TableRules rules = new TableRules(table, 1, random.nextInt(4));
        expected = new ExpectedRows(rules, nodes, rows);
        expected.addAny(1 + random.nextInt(12), random);
        computation = new SimulatedComputation(expected, nodes, broker, random);
        rows.beginTable(rules);
        published = 0;
        nextNumber = rows.nextRow();
        kills = 2;
        steps = 0;
        isFaulty = true;
    }

    private void step() {
        if (steps == FAULTY_STEPS) {
            isFaulty = false;
            nodes.endLosses(broker);
        }
        int event = random.nextInt(isFaulty ? EVENTS : HONEST_EVENTS);
        if (event < HONEST_EVENTS) {
            work(event);
        } else {
            disturb(event);
        }
        if (isStopped) {
            takeBack();
        }
        nodes.noteLost(steps);
        if (++steps > MOST_STEPS) {
            throw new AssertionError(
                    "the table does not end: " + rows.counts() + ", " + broker + ", reports " + reports);
        }
    }

    private void work(int event) {
        switch (event) {
            case 0 -> publish();
            case 1, 2 -> nodes.any().receive(broker);
            case 3, 4 -> nodes.any().begin();
            case 5, 6 -> report(computation.finish(nodes.any()));
            case 7 -> nodes.any().commit(broker);
            case 8 -> collect();
            default -> passTime();
        }
    }

    private void disturb(int event) {
        switch (event) {
            case 10 -> kill(nodes.any());
            case 11 -> loseOrRestart(nodes.any());
            case 12 -> broker.duplicateResult();
            case 13 -> forge();
            case 14 -> drop(nodes.any());
            default -> isStopped |= random.nextInt(200) == 0;
        }
    }

    private void publish() {
        if (published == expected.count() || isStopped) {
            rows.close();
            return;
        }
        PlannedRow row =
                new PlannedRow(List.of((long) published), new IndexKey(published, table), List.of(), Map.of(), false);
        if (rows.tryAdd(nextNumber, row, 10)) {
            RowMessage message = new RowMessage(
                    table, nextNumber, rows.token(nextNumber), 1, false, row.index(), row.columns(), row.known());
            broker.publish(new SimulatedMessage(message, Set.of(), now, steps, 0));
            published++;
            nextNumber = rows.nextRow();
            assertThat(rows.counts().inFlight()).isLessThanOrEqualTo(maxRows);
        }
    }

    /** The report of a crash reaches the head some time later. */
    private void report(Optional<Crash> crash) {
        if (crash.isPresent()) {
            int delay = random.nextInt(isTimely ? (int) RowDecisions.REPORT.toMillis() - 100 : 10_000);
            reports.add(new Report(crash.get(), now + Duration.ofMillis(delay).toNanos()));
        }
    }

    private void kill(SimulatedNode node) {
        if (node.isAlive() && kills > 0 && random.nextInt(3) == 0) {
            kills--;
            report(Optional.of(computation.kill(node)));
        }
    }

    private void loseOrRestart(SimulatedNode node) {
        if (!node.isAlive()) {
            node.comeBack();
        } else if (random.nextInt(3) == 0) {
            node.lose(broker);
        }
    }

    private void drop(SimulatedNode node) {
        if (node.hasPrefetched() && random.nextInt(3) == 0) {
            node.drop();
            expected.noteDropped();
        }
    }

    /** Sends a message with a guessed token, or of a table that has not begun. */
    private void forge() {
        boolean isOtherTable = random.nextBoolean();
        long number = isOtherTable ? nextNumber : random.nextInt(20);
        long token = isOtherTable ? rows.token(number) : rows.token(number) + 1;
        int ofTable = isOtherTable ? table + 1 : table;
        RowMessage guessed = new RowMessage(ofTable, number, token, 1, false, List.of(0L), List.of(), Map.of());
        ResultMessage forged = ResultMessage.returned(
                guessed, "a", random.nextBoolean() ? ResultMessage.Kind.REDELIVERED : ResultMessage.Kind.NOT_ALONE);
        assertThat(rows.result(forged, nodes, now)).isInstanceOf(Decision.Reject.class);
    }

    private void collect() {
        ResultMessage result = broker.collect();
        if (result != null) {
            expected.decided(rows.result(result, nodes, now));
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
        publishAgain();
        broker.forEach(message -> expected.checkPreference(message, now));
        if (!isFaulty) {
            broker.removeIf(message -> !rows.isCurrent(message));
        }
        if (broker.isEmpty() && reports.isEmpty() && nodes.areIdle()) {
            expected.checkLost(rows.lost(now));
        }
    }

    private void handleReports() {
        for (Iterator<Report> all = reports.iterator(); all.hasNext(); ) {
            Report report = all.next();
            if (report.at() <= now) {
                all.remove();
                rows.crashed(report.crash(), nodes, now).forEach(expected::decided);
            }
        }
    }

    private void publishAgain() {
        Set<Long> stranded = rows.stranded(nodes, now);
        if (!stranded.isEmpty()) {
            rows.takenBack(broker.remove(stranded), now);
        }
        for (Publication publication : rows.due(nodes, now)) {
            expected.checkPublication(publication.message());
            broker.publishFirst(new SimulatedMessage(publication.message(), publication.avoided(), now, steps, 0));
        }
    }

    /** The run stops: rows that no consumer has received do not end. */
    private void takeBack() {
        rows.close();
        rows.forgetWaiting();
        broker.forEach(message -> rows.forget(message.row()));
        broker.removeIf(message -> true);
    }
}
