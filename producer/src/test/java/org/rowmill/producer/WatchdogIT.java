package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Mounts and consumers that hang while the SSH connection works. */
@ExtendWith(SharedTestbed.class)
class WatchdogIT {

    private static final Duration START = Duration.ofSeconds(60);

    /** The time that the documentation promises. */
    private static final Duration MOUNT_LIMIT = Duration.ofSeconds(10);

    private static final Duration HANGS_LIMIT = Duration.ofSeconds(15 + 10);
    private static final int ROWS = 6000;

    private final Testbed testbed;

    @TempDir
    private Path project;

    WatchdogIT(Testbed testbed) {
        this.testbed = testbed;
    }

    /** Writes a table whose rows read a file through the mount, and are slow until {@link #hurry}. */
    @BeforeEach
    void writeTable() throws IOException {
        Files.createDirectories(project.resolve("data"));
        Files.writeString(project.resolve("data/one"), "1");
        Projects.table(project, "Reading", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column int value(int index, RowContext context) throws Exception {
                    Path mine = Path.of("at-" + context.node());
                    if (!Files.exists(mine)) { Files.writeString(mine, ""); }
                    if (!Files.exists(Path.of("hurry"))) { Thread.sleep(50); }
                    return 3 * index * Integer.parseInt(Files.readString(Path.of("data/one")));
                }
                @Column String node(RowContext context) { return context.node(); }
                """.formatted(ROWS));
    }

    @AfterEach
    void nothingOfTheRunIsLeftOnNodes() {
        for (int node = 1; node <= 2; node++) {
            testbed.awaitNoProcesses(node, START);
            assertThat(testbed.exec(
                            node, "ls -A ~/.rowmill-remote 2>/dev/null; grep rowmill-remote /proc/mounts; ls /tmp"))
                    .as("left on node %d", node)
                    .isBlank();
        }
    }

    private ProducerCommand.Running start() {
        return ProducerCommand.of(
                        "run", project, "--ssh-cluster-csv-path", testbed.clusterCsv(1, 2), "-v", "--no-progress")
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new))
                .start();
    }

    private void hurry() throws IOException {
        Files.writeString(project.resolve("hurry"), "");
    }

    private void awaitReady(ProducerCommand.Running running, int node, int times) {
        await().atMost(START).until(() -> running.err().split(testbed.address(node) + ": ready", -1).length > times);
    }

    /** Waits until each node computes. It is ready earlier, when its consumer starts. */
    private void awaitComputing(int... nodes) {
        for (int node : nodes) {
            await().atMost(START).until(() -> Files.exists(project.resolve("at-" + testbed.address(node))));
        }
    }

    private static void awaitWarning(ProducerCommand.Running running, Duration limit, String... parts) {
        await().atMost(limit)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(warnings(running))
                        .anySatisfy(line -> assertThat(line).contains(parts)));
    }

    private static List<String> warnings(ProducerCommand.Running running) {
        return running.err().lines().filter(line -> line.contains("warning: ")).toList();
    }

    private void assertEachRowOnce() {
        assertThat(DuckDb.query(
                                project.resolve("tables/Reading"),
                                "SELECT count(*), count(DISTINCT index), sum(value) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("" + ROWS, "" + ROWS, "" + 3L * ROWS * (ROWS - 1) / 2);
    }

    private void assertRemountAfter(String fault, String reason) throws IOException {
        try (ProducerCommand.Running running = start()) {
            awaitComputing(1, 2);

            testbed.rexec(1, fault);

            awaitWarning(running, MOUNT_LIMIT, testbed.address(1) + ": mount: ", reason);
            awaitReady(running, 1, 2);
            hurry();
            running.await().succeeded();
            assertThat(warnings(running)).hasSize(1);
        }
        assertEachRowOnce();
    }

    @Test
    void aMountWhoseSshfsIsKilledIsRemounted() throws IOException {
        assertRemountAfter("pkill -KILL sshfs", "sshfs has ended");
    }

    @Test
    void aHangingMountIsRemounted() throws IOException {
        assertRemountAfter("pkill -STOP sshfs", "sshfs hangs there");
    }

    @Test
    void anUnmountedMountIsRemounted() throws IOException {
        assertRemountAfter("umount -l /home/*/.rowmill-remote/*-*", "unmounted there");
    }

    @Test
    void aSlowLinkThatTransfersALargeFileIsNoHangingMount() throws IOException {
        Files.write(project.resolve("data/big"), new byte[2 << 20]);
        Projects.table(project, "Reading", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column int value(int index, RowContext context) throws Exception {
                    Files.writeString(Path.of("at-" + context.node()), "");
                    while (!Files.exists(Path.of("hurry"))) { Thread.sleep(100); }
                    boolean isSlow = context.node().equals("%s");
                    return 3 * index + (isSlow ? Files.readAllBytes(Path.of("data/big"))[1] : 0);
                }
                @Column String node(RowContext context) { return context.node(); }
                """.formatted(ROWS, testbed.address(1)));
        try (ProducerCommand.Running running = start()) {
            awaitComputing(1);
            testbed.slow(1, Duration.ofMillis(50), 2);

            hurry();

            running.await().succeeded();
            assertThat(warnings(running)).isEmpty();
        } finally {
            testbed.slow(1, Duration.ZERO);
        }
        assertEachRowOnce();
        assertThat(DuckDb.query(
                        project.resolve("tables/Reading"),
                        "SELECT count(*) > 0 FROM $ WHERE node = '" + testbed.address(1) + "'"))
                .containsExactly(List.of(true));
    }

    @Test
    void hangingConsumersAreReplacedOnNodeAndHead() throws IOException {
        try (ProducerCommand.Running running = start()) {
            awaitComputing(1, 2);

            testbed.rexec(1, "pkill -STOP java");
            running.consumers().forEach(consumer -> ProducerCommand.Running.signal("STOP", consumer));

            awaitWarning(running, HANGS_LIMIT, testbed.address(1) + ": the consumer (pid ", "hangs", "replaces");
            awaitWarning(running, HANGS_LIMIT, "the consumer on this computer (pid ", "hangs", "replaces");
            await().atMost(START)
                    .until(() -> running.err().split(testbed.address(1) + ": consumer started", -1).length == 3);
            hurry();
            running.await().succeeded();
            assertThat(warnings(running)).hasSize(2);
        }
        assertEachRowOnce();
    }
}
