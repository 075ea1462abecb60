package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Several runs on the same nodes at once do not disturb each other, however they end. */
@ExtendWith(SharedTestbed.class)
class SharedNodesIT {

    private static final int NODES = 2;
    private static final int ROWS = 500;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Testbed testbed;

    @TempDir
    private Path mine;

    @TempDir
    private Path other;

    SharedNodesIT(Testbed testbed) {
        this.testbed = testbed;
    }

    @AfterEach
    void nothingIsLeftOnNodes() {
        for (int node = 1; node <= NODES; node++) {
            testbed.awaitNoProcesses(node, LIMIT);
            assertThat(testbed.rexec(
                            node,
                            "ls -A ~/.rowmill-remote ~tb" + node + "/.rowmill-remote 2>/dev/null;"
                                    + " grep rowmill-remote /proc/mounts; ls -A /tmp"))
                    .as("left on node %d", node)
                    .isBlank();
        }
    }

    /** Starts a run in which no row ends before the head and each node have one. */
    private ProducerCommand.Running start(Path project, Path csv) {
        Projects.table(project, "Slow", "Integer", Projects.MEET + """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column int value(int index, RowContext context) throws Exception {
                    Files.writeString(context.scratch().resolve("file"), "" + index);
                    meet(context, %d);
                    Thread.sleep(50);
                    return index;
                }
                @Column String node(RowContext context) { return context.node(); }
                """.formatted(ROWS, NODES + 1));
        return start(project, "Slow", csv);
    }

    private ProducerCommand.Running start(Path project, String table, Path csv) {
        return ProducerCommand.of("run", project, table, "-v", "--cpu-limit", 1, "--ssh-cluster-csv-path", csv)
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new))
                .start();
    }

    private static void awaitRows(Path project) {
        await().atMost(LIMIT).until(() -> {
            String[] seen = project.resolve("seen").toFile().list();
            return seen != null && seen.length == NODES + 1;
        });
    }

    private void assertUntouched(Path project, ProducerCommand.Running running) {
        assertThat(running.await().succeeded().err()).doesNotContain("warning", "lost", "replaces it");
        assertThat(DuckDb.query(
                        project.resolve("tables/Slow"),
                        "SELECT count(*), count(DISTINCT index), count(DISTINCT node) FROM $"))
                .containsExactly(List.of((long) ROWS, (long) ROWS, NODES + 1L));
    }

    @Test
    void anInterruptedRunDoesNotDisturbAnotherRunOfTheSameUser() {
        try (ProducerCommand.Running ending = start(mine, testbed.clusterCsv(1, 2));
                ProducerCommand.Running staying = start(other, testbed.clusterCsv(1, 2))) {
            awaitRows(mine);
            awaitRows(other);

            ending.signal("INT");

            assertThat(ending.await().exitCode()).isEqualTo(130);
            assertUntouched(other, staying);
        }
    }

    @Test
    void aKilledHeadDoesNotDisturbTheRunOfAnotherUser() throws IOException {
        Path roots = testbed.clusterCsv(1, 2);
        Files.writeString(roots, Files.readString(roots).replaceAll(",tb\\d+,", ",root,"));
        try (ProducerCommand.Running ending = start(mine, testbed.clusterCsv(1, 2));
                ProducerCommand.Running staying = start(other, roots)) {
            awaitRows(mine);
            awaitRows(other);

            ending.signalHead("KILL");

            assertUntouched(other, staying);
        }
    }

    /** The consumer ends a moment after its mount: meanwhile a row writes to the bare mount point. */
    @Test
    void filesThatARowWritesWithoutItsMountAreRemoved() {
        Projects.table(mine, "Late", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 100).boxed(); }
                @Column int value(int index, RowContext context) throws Exception {
                    Files.write(Files.createDirectories(Path.of("seen")).resolve(context.node()), new byte[0]);
                    for (int i = 0; i < 1000; i++) {
                        new java.io.File("late").getAbsoluteFile().mkdir();
                        Thread.sleep(20);
                    }
                    return index;
                }
                """);
        try (ProducerCommand.Running running = start(mine, "Late", testbed.clusterCsv(1, 2))) {
            awaitRows(mine);

            running.signalHead("KILL");
        }
    }

    @Test
    void aSecondRunOfTheSameProjectIsRefusedAndDisturbsNothing() {
        try (ProducerCommand.Running first = start(mine, testbed.clusterCsv(1, 2))) {
            awaitRows(mine);

            try (ProducerCommand.Running second = start(mine, testbed.clusterCsv(1, 2))) {
                second.await().refused("this table is being computed by", "Wait until that run ends");
            }

            assertUntouched(mine, first);
        }
    }
}
