package org.rowmill.producer.health;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import org.rowmill.schemas.BackOff;

/**
 * Computes a table in simulated time, as a run does: one queue of rows, slots that take the next row, retries after a
 * pause and on another node, a limit of rows in flight, and excluded nodes whose rows go to others.
 */
final class SimulatedTable {

    private static final int ROWS_IN_FLIGHT = 8192;
    private static final BackOff PAUSE = new BackOff(Duration.ofMillis(250), 4, Duration.ofMinutes(1));
    private static final double NANOS = 1e9;
    private static final int NONE = -1;

    /**
     * A node.
     *
     * @param name of the node
     * @param slots number of slots
     * @param rowSeconds mean time of an attempt that computes its row
     * @param failSeconds mean time of an attempt that fails
     * @param start when it takes its first row, in seconds
     */
    record Node(String name, int slots, double rowSeconds, double failSeconds, double start) {}

    /** Decides whether an attempt fails. */
    interface Failing {
        boolean fails(Node node, int attempt);
    }

    private record Event(double at, DoubleConsumer action) {}

    /** A row in flight. */
    private static final class Row {
        private final long number;
        private int attempt = 1;
        private int avoided = NONE;
        private long position;

        Row(long number) {
            this.number = number;
        }
    }

    /** A node and what it does. */
    private final class Worker {
        private final int index;
        private final Node node;
        private final Deque<Row> avoiding = new ArrayDeque<>();
        private final Map<Long, Row> running = new HashMap<>();
        private int idle;
        private int session;

        Worker(int index, Node node) {
            this.index = index;
            this.node = node;
        }

        void start() {
            idle = node.slots();
        }

        boolean isActive() {
            return idle > 0 || !running.isEmpty();
        }

        boolean take() {
            Deque<Row> oldest = any;
            for (Worker other : workers) {
                boolean isOlder = oldest.isEmpty()
                        || (!other.avoiding.isEmpty() && other.avoiding.peek().position < oldest.peek().position);
                oldest = other != this && isOlder ? other.avoiding : oldest;
            }
            if (oldest.isEmpty()) {
                return false;
            }
            compute(oldest.remove());
            return true;
        }

        private void compute(Row row) {
            idle--;
            running.put(row.number, row);
            boolean fails = failing.fails(node, row.attempt);
            double start = now;
            int current = session;
            double mean = fails ? node.failSeconds() : node.rowSeconds();
            at(start + mean * (0.5 + random.nextDouble()), time -> {
                if (session == current) {
                    idle++;
                    running.remove(row.number);
                    end(row, this, fails, start);
                }
            });
        }

        void exclude(Exclusion exclusion) {
            session++;
            idle = 0;
            List<Row> lost = List.copyOf(running.values());
            running.clear();
            lost.forEach(SimulatedTable.this::enqueue);
            at(now + exclusion.time().toSeconds(), time -> start());
            for (Worker worker : workers) {
                List<Row> stuck = List.copyOf(worker.avoiding);
                worker.avoiding.clear();
                stuck.forEach(SimulatedTable.this::enqueue);
            }
        }
    }

    private final List<Worker> workers;
    private final int rows;
    private final int retries;
    private final Failing failing;
    private final NodeComparison comparison;
    private final Random random;
    private final List<Exclusion> exclusions = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingDouble(Event::at));
    private final Deque<Row> any = new ArrayDeque<>();
    private long published;
    private long positions;
    private int inFlight;
    private double now;

    SimulatedTable(List<Node> nodes, int rows, int retries, Failing failing, NodeComparison comparison, Random random) {
        this.workers = IntStream.range(0, nodes.size())
                .mapToObj(i -> new Worker(i, nodes.get(i)))
                .toList();
        this.rows = rows;
        this.retries = retries;
        this.failing = failing;
        this.comparison = comparison;
        this.random = random;
    }

    /** Computes all rows, and returns the exclusions in order. */
    List<Exclusion> run() {
        comparison.beginTable(() -> inFlight);
        workers.forEach(worker -> at(worker.node.start(), time -> worker.start()));
        publish();
        while (inFlight > 0) {
            Event event = events.remove();
            now = event.at();
            event.action().accept(now);
            takeRows();
        }
        return exclusions;
    }

    private void at(double time, DoubleConsumer action) {
        events.add(new Event(time, action));
    }

    private void publish() {
        while (inFlight < ROWS_IN_FLIGHT && published < rows) {
            inFlight++;
            enqueue(new Row(published++));
        }
    }

    private void enqueue(Row row) {
        row.position = positions++;
        boolean isAvoiding = row.avoided != NONE
                && workers.stream().anyMatch(worker -> worker.index != row.avoided && worker.isActive());
        (isAvoiding ? workers.get(row.avoided).avoiding : any).add(row);
    }

    private void end(Row row, Worker worker, boolean isFailed, double start) {
        Attempt attempt = new Attempt(row.number, row.attempt, worker.node.name(), (long) (start * NANOS));
        long nanos = (long) (now * NANOS);
        if (!isFailed) {
            finish();
            comparison.computed(attempt, nanos).ifPresent(this::exclude);
            return;
        }
        comparison.failed(attempt, "row" + row.number, "Error", nanos);
        if (row.attempt > retries) {
            comparison.givenUp(row.number);
            finish();
            return;
        }
        double due = now + PAUSE.after(row.attempt).toNanos() / NANOS;
        row.attempt++;
        row.avoided = worker.index;
        at(due, time -> enqueue(row));
    }

    private void finish() {
        inFlight--;
        publish();
    }

    private void exclude(Exclusion exclusion) {
        exclusions.add(exclusion);
        workers.stream()
                .filter(worker -> worker.node.name().equals(exclusion.node()))
                .forEach(worker -> worker.exclude(exclusion));
    }

    private void takeRows() {
        int first = random.nextInt(workers.size());
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get((first + i) % workers.size());
            while (worker.idle > 0 && worker.take()) {
                // takes a row for each idle slot
            }
        }
    }
}
