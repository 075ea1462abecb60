package org.rowmill.producer.inflight;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;

/** The rows of one table that are published again: those that wait, and those that avoid nodes. */
final class Republishing {

    /** Time between two looks whether a row may be computed alone. */
    private static final Duration TURN = Duration.ofMillis(100);

    private final RowTable rows;
    private final TableRules rules;
    private final LongUnaryOperator tokens;
    private final WaitingRows waiting = new WaitingRows();
    private final Set<RowState> avoiding = new LinkedHashSet<>();

    /** The rows that are out to be computed alone. */
    private final Set<RowState> alone = new HashSet<>();

    Republishing(RowTable rows, TableRules rules, LongUnaryOperator tokens) {
        this.rows = rows;
        this.rules = rules;
        this.tokens = tokens;
    }

    void makeWait(RowState row, long until) {
        forget(row);
        row.waitUntil(until);
        waiting.add(row);
    }

    void forget(RowState row) {
        avoiding.remove(row);
        alone.remove(row); // an entry of a row that waits is skipped when it is due
    }

    List<Publication> due(ComputingNodes nodes, long now) {
        if (!waiting.isDue(now)) {
            return List.of(); // the usual case
        }
        List<Publication> due = new ArrayList<>();
        for (RowState row = waiting.poll(now); row != null; row = waiting.poll(now)) {
            if (rows.contains(row) && mayPublish(row, nodes)) {
                due.add(publish(row, nodes, now));
            } else if (rows.contains(row)) {
                makeWait(row, now + TURN.toNanos());
            }
        }
        return due;
    }

    /** Each node computes one row alone at a time: more would only keep its slots waiting. */
    private boolean mayPublish(RowState row, ComputingNodes nodes) {
        return !row.isAlone() || alone.size() < Math.max(1, nodes.names().size());
    }

    private Publication publish(RowState row, ComputingNodes nodes, long now) {
        Publication publication = row.publish(rules, tokens.applyAsLong(row.number()), nodes, now);
        if (row.isAvoiding()) {
            avoiding.add(row);
        }
        if (row.isAlone()) {
            alone.add(row);
        }
        return publication;
    }

    Set<Long> stranded(ComputingNodes nodes, long now) {
        if (avoiding.isEmpty()) {
            return Set.of(); // the usual case
        }
        Set<String> names = nodes.names();
        Set<Long> stranded = new LinkedHashSet<>();
        for (RowState row : avoiding) {
            if (row.isStranded(names, now)) {
                row.extendPatience(now);
                stranded.add(row.number());
            }
        }
        return stranded;
    }

    void takenBack(Map<Long, Integer> attempts, long now) {
        attempts.forEach((number, attempt) -> {
            RowState row = rows.find(number);
            if (row != null && row.isOut() && row.attempt() == attempt) {
                row.takeBack(now);
                forget(row);
                waiting.add(row);
            }
        });
    }

    int lost(long now) {
        List<RowState> lost = rows.all().stream().filter(RowState::isOut).toList();
        lost.forEach(row -> makeWait(row, now));
        return lost.size();
    }

    void forgetWaiting() {
        rows.all().stream().filter(row -> !row.isOut()).forEach(rows::remove);
    }
}
