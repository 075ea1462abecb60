package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** A run opens no port outside loopback and waits for no silent node. */
@ExtendWith(SharedTestbed.class)
class NetworkIT {

    private static final int SILENT = 3;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Testbed testbed;

    @TempDir
    private Path project;

    NetworkIT(Testbed testbed) {
        this.testbed = testbed;
    }

    private ProducerCommand run(String table, int rows) {
        Projects.table(project, table, "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column long began() throws InterruptedException {
                    long now = System.currentTimeMillis();
                    Thread.sleep(50);
                    return now;
                }
                @Column String node(RowContext context) { return context.node(); }
                """.formatted(rows));
        return ProducerCommand.of(
                        "run", project, table, "-v", "--cpu-limit", 1, "--ssh-cluster-csv-path", testbed.clusterCsv())
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new));
    }

    @Test
    void aRunListensOnLoopbackOnly() {
        Set<String> before = listening();
        try (ProducerCommand.Running running = run("Listening", 5000).start()) {
            for (int node = 1; node <= 3; node++) {
                String ready = testbed.address(node) + ": ready";
                running.awaitErr(LIMIT, ready);
            }

            Set<String> during = listening();
            during.removeAll(before);

            assertThat(during)
                    .as("new on the head and on nodes")
                    .hasSizeGreaterThanOrEqualTo(4)
                    .allMatch(socket -> socket.matches("\\S+ (127\\.\\S+|\\[::1]|\\[::ffff:127\\.\\S+]):\\d+"));
            running.signal("INT");
            running.await();
        }
        assertThat(listening()).isEqualTo(before);
    }

    /** Lists node, address and port of everything that listens. */
    private Set<String> listening() {
        String[] list = {"sh", "-c", "ss -ltnH | awk '{ print $4 }'"};
        Set<String> all = lines("head", testbed.head(list));
        for (int node = 1; node <= 3; node++) {
            all.addAll(lines("node" + node, testbed.exec(node, list)));
        }
        return all;
    }

    private static Set<String> lines(String where, String text) {
        return text.lines().map(line -> where + " " + line).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aSilentNodeDelaysNoFirstRow() {
        Instant silentStart = Instant.now();
        testbed.cut(SILENT);
        try {
            run("Silent", 600).run().succeeded();
        } finally {
            testbed.heal(SILENT);
        }
        Instant start = Instant.now();
        run("Whole", 600).run().succeeded();

        Duration most = Duration.ofSeconds(10); // The time limit for connecting is 15 s.
        assertThat(first("Silent", "true", silentStart))
                .isLessThan(first("Whole", "true", start).plus(most));
        String here = "node = '" + testbed.address(1) + "'";
        assertThat(first("Silent", here, silentStart))
                .isLessThan(first("Whole", here, start).plus(most));
    }

    private Duration first(String table, String where, Instant start) {
        long millis =
                DuckDb.number(project.resolve("tables").resolve(table), "SELECT min(began) FROM $ WHERE " + where);
        return Duration.between(start, Instant.ofEpochMilli(millis));
    }
}
