package org.rowmill.producer.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.producer.health.SimulatedTable.Failing;
import org.rowmill.producer.health.SimulatedTable.Node;

/** Simulated tables, from fixed seeds. {@code -Dhealth.tables} changes their number. */
class NodeComparisonHistoryTest {

    private static final int TABLES = Integer.getInteger("health.tables", 1_000);
    private static final int SMALL_TABLES = 10 * TABLES;
    private static final int[] SLOTS = {1, 2, 4, 8, 16, 64};
    private static final double[] PROBABILITIES = {0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

    /** Times of attempts that fail, relative to those that compute their row. */
    private static final double[] FAIL_TIMES = {0.001, 0.3, 1, 10};

    private static List<Exclusion> run(List<Node> nodes, int rows, int retries, Failing failing, Random random) {
        Map<String, Integer> slots = nodes.stream().collect(Collectors.toMap(Node::name, Node::slots));
        return new SimulatedTable(nodes, rows, retries, failing, new NodeComparison(() -> slots), random).run();
    }

    private static List<String> excluded(List<Exclusion> exclusions) {
        return exclusions.stream().map(Exclusion::node).distinct().toList();
    }

    private static double oneOf(double[] values, Random random) {
        return values[random.nextInt(values.length)];
    }

    /** Nodes of any speed and size that begin at any time: their rows fail with the same probability. */
    @Test
    void nodesThatAreAlikeAreExcludedNoMoreOftenThanPromised() {
        int nodes = 0;
        List<String> excluded = new ArrayList<>();
        for (int seed = 0; seed < TABLES; seed++) {
            Random random = new Random(seed);
            double probability = oneOf(PROBABILITIES, random);
            List<Node> alike = nodesOfAnySpeed(2 + random.nextInt(9), random);
            int rows = (int) (100 * Math.pow(200, Math.pow(random.nextDouble(), 3)));
            int retries = 1 + random.nextInt(5);
            List<Exclusion> exclusions =
                    run(alike, rows, retries, (node, attempt) -> random.nextDouble() < probability, random);

            assertThat(exclusions)
                    .as("seed %d", seed)
                    .allSatisfy(exclusion -> assertThat(exclusion.stopReason()).isEmpty());
            nodes += alike.size();
            for (String node : excluded(exclusions)) {
                excluded.add("seed " + seed + ": " + node);
            }
        }
        assertNoMoreThanPromised(excluded.size(), nodes, excluded.toString());
    }

    private static void assertNoMoreThanPromised(int excluded, int nodes, String which) {
        System.out.println(excluded + " of " + nodes + " nodes that are like the others were excluded: " + which);
        assertThat(excluded).isLessThanOrEqualTo((int) (NodeComparison.ERROR_PROBABILITY * nodes));
    }

    private static List<Node> nodesOfAnySpeed(int number, Random random) {
        double rowSeconds = Math.pow(10, 4 * random.nextDouble() - 2);
        double failTimes = oneOf(FAIL_TIMES, random);
        double latest = random.nextInt(3) == 0 ? 10 * rowSeconds : 2;
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            double seconds = rowSeconds * (1 << random.nextInt(4));
            int slots = SLOTS[random.nextInt(SLOTS.length)];
            nodes.add(new Node("n" + i, slots, seconds, seconds * failTimes, latest * random.nextDouble()));
        }
        return nodes;
    }

    /** If failures are fast, a slow node has many of them before it computes its first row; if slow, a fast node. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void attemptsThatStillRunExcludeNoNode(boolean areFailuresFast) {
        Node other = areFailuresFast ? new Node("b", 48, 1, 0.001, 0) : new Node("b", 48, 8, 80, 5);
        List<Node> nodes = List.of(
                areFailuresFast ? new Node("a", 64, 8, 0.001, 0) : new Node("a", 64, 1, 10, 0),
                other,
                new Node("c", 48, other.rowSeconds(), other.failSeconds(), other.start()));
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);

            assertThat(run(nodes, 300, 4, (node, attempt) -> random.nextDouble() < 0.3, random))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    /** Without rows in flight, so that nothing is unknown and each test has its full power. */
    @Test
    void allTestsOfATableErrTogetherNoMoreOftenThanPromised() {
        int excluded = 0;
        for (int seed = 0; seed < SMALL_TABLES; seed++) {
            excluded += playTwoNodes(new Random(seed)) ? 1 : 0;
        }
        assertNoMoreThanPromised(excluded, 2 * SMALL_TABLES, "small tables");
    }

    private static boolean playTwoNodes(Random random) {
        double probability = 0.1 + 0.3 * random.nextDouble();
        double share = 0.2 + 0.3 * random.nextDouble();
        NodeComparison comparison = new NodeComparison(Map::of);
        comparison.beginTable(() -> 0);
        boolean isExcluded = false;
        for (int row = 0; row < 300 && !isExcluded; row++) {
            Attempt first = new Attempt(row, 1, random.nextDouble() < share ? "a" : "b", row);
            if (random.nextDouble() < probability) {
                comparison.failed(first, "row", "Error", row);
                isExcluded =
                        comparison.computed(new Attempt(row, 2, "a", row), row).isPresent();
            } else {
                comparison.computed(first, row);
            }
        }
        return isExcluded;
    }

    @ParameterizedTest
    @CsvSource({
        // good nodes, broken nodes, slots, time of a failure, share of rows that fail on good nodes, rows at most
        "1, 1, 4, 1, 0, 6",
        "1, 1, 4, 0.1, 0, 6",
        "1, 1, 4, 10, 0, 6",
        "1, 2, 8, 0.01, 0, 100",
        "9, 1, 4, 0.001, 0, 10",
        "2, 1, 8, 1, 0.1, 15",
        "2, 1, 8, 1, 0.3, 40",
        "1, 2, 4, 1, 0, 10",
        "1, 2, 4, 10, 0.1, 15",
        "2, 3, 4, 1, 0.1, 15",
        "9, 3, 8, 1, 0, 10",
        "9, 1, 64, 1, 0, 20",
        "1, 1, 64, 1, 0.1, 40",
    })
    void brokenNodesAreExcludedAfterAFewOfTheirRows(
            int good, int broken, int slots, double failTime, double probability, int rows) {
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            List<Node> nodes = IntStream.range(0, good + broken)
                    .mapToObj(i -> node(i < good ? "good" + i : "broken" + i, slots, failTime, random))
                    .toList();
            Predicate<Node> isBroken = node -> node.name().startsWith("broken");
            List<Exclusion> exclusions = run(
                    nodes,
                    4_000,
                    3,
                    (node, attempt) -> isBroken.test(node) || random.nextDouble() < probability,
                    random);

            assertThat(excluded(exclusions))
                    .as("seed %d", seed)
                    .hasSize(broken)
                    .allSatisfy(node -> assertThat(node).startsWith("broken"));
            assertThat(exclusions)
                    .as("seed %d", seed)
                    .allSatisfy(exclusion -> assertThat(failedRows(exclusion)).isLessThanOrEqualTo(rows));
        }
    }

    private static Node node(String name, int slots, double failTime, Random random) {
        double seconds = 0.02 * (1 << random.nextInt(3));
        return new Node(name, slots, seconds, seconds * failTime, 0);
    }

    private static int failedRows(Exclusion exclusion) {
        return Integer.parseInt(exclusion.evidence().split(" ")[0]);
    }
}
